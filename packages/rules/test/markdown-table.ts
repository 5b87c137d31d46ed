/** A Markdown table: every row as cells by column title. */
export type TableRow = Readonly<Record<string, string>>

/** The lines between a heading and the next heading of the same level or a higher one. */
export function sectionOf(page: string, heading: string): string {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '').trim() === heading)
  if (start === -1) throw new Error(`The page has no heading '${heading}'.`)
  const level = (lines[start] ?? '').indexOf(' ')
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line) && line.indexOf(' ') <= level)
  return lines.slice(start + 1, end === -1 ? undefined : end).join('\n')
}

/** The first table of a text. */
export function readTable(text: string): TableRow[] {
  const lines = text.split('\n')
  const start = lines.findIndex((line, index) => line.startsWith('|') && /^\|[\s:|-]+\|$/.test(lines[index + 1] ?? ''))
  if (start === -1) throw new Error('There is no table.')
  const titles = cellsOf(lines[start] ?? '')
  const rows: TableRow[] = []
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith('|')) break
    const cells = cellsOf(line)
    if (cells.length !== titles.length) throw new Error(`A row has ${cells.length} cells: ${line}`)
    rows.push(Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? ''])))
  }
  return rows
}

/** Text and address of the first link in a cell. */
export function readLink(cell: string): { text: string; url: string } {
  const match = /\[([^\]]+)\]\(([^)]+)\)/.exec(cell)
  if (match === null) throw new Error(`No link in: ${cell}`)
  return { text: match[1] ?? '', url: match[2] ?? '' }
}

/** The text of every link in a cell, whatever stands between them. */
export function linkTexts(cell: string): string[] {
  return [...cell.matchAll(/\[([^\]]+)\]\([^)]+\)/g)].map((match) => match[1] ?? '')
}

/** A cell without its icon. */
export function withoutIcon(cell: string): string {
  return cell.replace(/\{\{<.*?>\}\}/g, '').trim()
}

function cellsOf(line: string): string[] {
  return line
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim())
}
