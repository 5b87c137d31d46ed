/**
 * Whether a text matches a pattern in which `*` stands for any characters and `?` for one. Case does not count. Goes
 * back to the last `*` only, so that no pattern takes longer than its length times that of the text.
 */
export function matchGlob(pattern: string, text: string): boolean {
  const wanted = [...pattern.toLowerCase()]
  const given = [...text.toLowerCase()]
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at
      at += 1
      resume = index
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[index])) {
      at += 1
      index += 1
    } else if (star >= 0) {
      resume += 1
      at = star + 1
      index = resume
    } else return false
  }
  return wanted.slice(at).every((char) => char === '*')
}
