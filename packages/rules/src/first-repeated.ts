const shortList = 8

/** The first text of a list that stood in it before; `undefined` when each stands in it once. */
export function firstRepeated(texts: readonly string[]): string | undefined {
  if (texts.length > shortList) return new Set(texts).size === texts.length ? undefined : search(texts)
  return texts.length < 2 ? undefined : search(texts)
}

function search(texts: readonly string[]): string | undefined {
  for (let index = 1; index < texts.length; index += 1) {
    const text = texts[index]
    for (let earlier = 0; earlier < index; earlier += 1) if (texts[earlier] === text) return text
  }
  return undefined
}
