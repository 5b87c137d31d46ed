import { type SecretRange, secretRanges } from './secret-ranges.js'

const mask = '***'

/** The lines of a text with every secret in them hidden. */
export interface MaskedLines {
  /** How many there are. */
  readonly count: number
  /** A line by its number from 1, without its line break; `undefined` where there is none. */
  lineAt(number: number): string | undefined
  /** Index in the shown line of a column (from 1) of the written one; the start of the mask for what is hidden. */
  indexOf(number: number, column: number): number
}

/** Splits a text into lines and hides the secrets. */
export function maskLines(text: string): MaskedLines {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const hidden = secretRanges(lines)
  // Many findings may stand in one long line.
  const masked = new Map<number, string>()
  return {
    count: lines.length,
    lineAt(number) {
      const line = lines[number - 1]
      if (line === undefined) return undefined
      const shown = masked.get(number) ?? maskLine(line, hidden[number - 1] ?? [])
      masked.set(number, shown)
      return shown
    },
    indexOf: (number, column) => shownIndex(column - 1, hidden[number - 1] ?? []),
  }
}

function maskLine(line: string, ranges: readonly SecretRange[]): string {
  const parts: string[] = []
  let position = 0
  for (const { start, end } of ranges) {
    parts.push(line.slice(position, start), mask)
    position = end
  }
  parts.push(line.slice(position))
  return parts.join('')
}

function shownIndex(index: number, ranges: readonly SecretRange[]): number {
  let shift = 0
  for (const { start, end } of ranges) {
    if (index < start) break
    if (index < end) return start + shift
    shift += mask.length - (end - start)
  }
  return index + shift
}
