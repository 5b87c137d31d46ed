/** Crops lines that would fill a page: cases about length have them. */
export function shortenLines(text: string): string {
  return text.split('\n').map(shortenLine).join('\n')
}

/** Crops one line and says how long it is. */
export function shortenLine(line: string): string {
  return line.length <= 200 ? line : `${line.slice(0, 120)}… (${line.length} characters)`
}
