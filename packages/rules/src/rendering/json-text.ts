/**
 * Text as a JSON string in one line, which is a double-quoted string of YAML too: characters that end a line somewhere,
 * or that YAML cannot hold, are escaped.
 */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
