/**
 * Text in which every control character, half of a surrogate pair and character that XML 1.0 has no place for is
 * replaced by U+FFFD. Tabs and line breaks stay. Names come from the input: a terminal must not act on what they hold.
 */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\uFFFE\uFFFF]/gu, '\uFFFD')
}

/** The same in one line: tabs and line breaks are replaced too. */
export function plainLine(text: string): string {
  return plainText(text).replace(/[\t\n\r\u2028\u2029]/g, '\uFFFD')
}
