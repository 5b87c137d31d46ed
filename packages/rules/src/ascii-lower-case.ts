/**
 * A text with A to Z in lower case. Other letters stay as they are, so that a look-alike such as the Kelvin sign, whose
 * lower case is an ordinary `k`, never becomes the name it looks like.
 */
export function asciiLowerCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text
}
