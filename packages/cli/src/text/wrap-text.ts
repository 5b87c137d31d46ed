/** Least room for words, so that a narrow terminal does not get one word per line. */
const leastWidth = 20

/** Breaks a text into lines of at most `columns` characters at its spaces, each behind an indent. Long words stay whole. */
export function wrapText(text: string, columns: number, indent = ''): string[] {
  const width = Math.max(leastWidth, columns - indent.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines.map((written) => (indent + written).trimEnd())
}
