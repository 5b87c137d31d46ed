import Table from 'cli-table3'
import type { Colors } from '../terminal.js'

/** How a table is laid out. */
export interface TableLayout {
  readonly colors: Colors
  /** Longest line in characters; `Infinity` for no limit. Too wide a table breaks its widest columns. */
  readonly columns: number
}

const gap = 2
const leastWidth = gap + 4
const noBorder = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/** Rows in aligned columns without borders, the header in bold, ready for `cut`, `grep` and people. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  layout: TableLayout,
): string {
  const cells = [head, ...rows]
  const words = measure(cells, (cell) => Math.max(...cell.split(' ').map((word) => word.length)))
  const byWords = shrink(
    measure(cells, (cell) => cell.length),
    layout.columns,
    words,
  )
  const widths = shrink(
    byWords,
    layout.columns,
    words.map(() => leastWidth),
  )
  const table = new Table({
    chars: noBorder,
    style: { 'padding-left': 0, 'padding-right': gap, head: [], border: [], compact: true },
    colWidths: widths,
    wordWrap: true,
    // Broken words are better than the lost ends of words.
    wrapOnWordBoundary: widths.every((width, column) => width >= (words[column] ?? 0)),
  })
  table.push(
    head.map((cell) => layout.colors.bold(cell)),
    ...rows.map((row) => [...row]),
  )
  const lines = table.toString().split('\n')
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

function measure(rows: readonly (readonly string[])[], widthOf: (cell: string) => number): number[] {
  const [head = []] = rows
  return head.map((_, column) => gap + Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
}

function shrink(widths: readonly number[], columns: number, least: readonly number[]): number[] {
  const shrunk = [...widths]
  let excess = shrunk.reduce((sum, width) => sum + width, 0) - gap - columns
  while (excess > 0) {
    const room = shrunk.map((width, column) => (width > (least[column] ?? 0) ? width : 0))
    const widest = Math.max(...room)
    if (widest === 0) break
    shrunk[room.indexOf(widest)] = widest - 1
    excess -= 1
  }
  return shrunk
}
