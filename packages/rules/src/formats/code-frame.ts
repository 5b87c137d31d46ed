import type { TextPosition } from '../finding.js'
import type { MaskedLines } from './masked-lines.js'
import { caretsUnder, showWindow, windowAround } from './point-at.js'

const longestLine = 100

/**
 * The line a position is in, with its neighbours, line numbers and a caret under the column; empty where the text has
 * no such line. Long lines are cropped around the column.
 */
export function codeFrame(lines: MaskedLines, { line, column }: TextPosition): readonly string[] {
  const target = lines.lineAt(line)
  if (target === undefined) return []
  const index = Math.min(lines.indexOf(line, column), target.length)
  const window = windowAround(target, index, longestLine)
  const last = Math.min(line + 1, lines.count)
  const width = String(last).length
  const frame: string[] = []
  for (let number = Math.max(1, line - 1); number <= last; number += 1) {
    const text = lines.lineAt(number) ?? ''
    // Neighbours show the same columns, so that indentation can be compared.
    const shown = showWindow(text, {
      start: Math.min(window.start, text.length),
      end: Math.min(Math.max(window.end, window.start + longestLine), text.length),
    })
    frame.push(`${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${shown}`.trimEnd())
    if (number === line) frame.push(`  ${' '.repeat(width)} | ${caretsUnder(target, window, index)}`)
  }
  return frame
}
