/**
 * Makes control-token strings in a user's text harmless by a blank after their first character: `<|fim_middle|>`
 * becomes `< |fim_middle|>`. A visible blank is chosen over an invisible character, because the model may copy what it
 * reads into its answer, and an invisible character in source code is a trap. Text without a sentinel is returned as it is.
 */
export function breakSentinels(text: string, sentinels: readonly string[]): string {
  let broken = text
  for (const sentinel of sentinels) {
    if (broken.includes(sentinel)) broken = broken.replaceAll(sentinel, `${sentinel.slice(0, 1)} ${sentinel.slice(1)}`)
  }
  return broken
}
