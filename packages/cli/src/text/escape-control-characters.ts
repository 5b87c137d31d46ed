/**
 * Shows control characters as `\u001b` and the like, so that a file name or a value cannot steer the terminal. Line
 * feeds and tabs stay.
 */
export function escapeControlCharacters(text: string): string {
  // Also the direction overrides, which make a line read differently from what it holds.
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0')
    return `\\u${code}`
  })
}
