import { displayWidth } from './display-width.js'
import { plainLine } from './plain-text.js'

const tab = '    '

/** Part of a line, as it is shown. */
export interface Window {
  /** First code unit that is shown. */
  readonly start: number
  /** Code unit after the last one. */
  readonly end: number
}

/** The part of a line to show around a place in it: all of a short line, `maxLength` code units of a long one. */
export function windowAround(line: string, index: number, maxLength: number): Window {
  if (line.length <= maxLength) return { start: 0, end: line.length }
  const latest = line.length - maxLength
  const start = Math.min(Math.max(0, Math.min(index, line.length) - Math.floor(maxLength / 3)), latest)
  return { start, end: start + maxLength }
}

/** A line as it is shown: cropped to the window, tabs as spaces, nothing a terminal would act on. */
export function showWindow(line: string, { start, end }: Window): string {
  const before = start > 0 ? '…' : ''
  const after = end < line.length ? '…' : ''
  return (before + showText(line.slice(start, end)) + after).trimEnd()
}

/** Spaces and carets that, put under the shown line, point at `length` code units from `index` on. */
export function caretsUnder(line: string, { start, end }: Window, index: number, length = 1): string {
  const from = Math.min(Math.max(index, start), end)
  const indent = (start > 0 ? 1 : 0) + displayWidth(showText(line.slice(start, from)))
  const pointed = line.slice(from, Math.min(from + length, end))
  return ' '.repeat(indent) + '^'.repeat(Math.max(1, displayWidth(showText(pointed))))
}

// A cut may part a surrogate pair; its halves are shown as replacement characters of width 1, as both lines agree.
function showText(text: string): string {
  return plainLine(text.replaceAll('\t', tab))
}
