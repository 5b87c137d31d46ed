import type { OutputCleaner } from './output-cleaner.js'

/** Ends the output at the first of some strings, wherever the pieces are cut. */
export function createStopCleaner(stops: readonly string[]): OutputCleaner {
  let held = ''
  let isOver = false
  return {
    push(text) {
      if (isOver) return ''
      const seen = held + text
      const end = firstIndexOf(seen, stops)
      isOver = end !== -1
      const certain = isOver ? end : seen.length - partialStopLength(seen, stops)
      held = isOver ? '' : seen.slice(certain)
      return seen.slice(0, certain)
    },
    flush() {
      const rest = held
      held = ''
      return rest
    },
  }
}

function firstIndexOf(text: string, stops: readonly string[]): number {
  let first = -1
  for (const stop of stops) {
    const index = text.indexOf(stop)
    if (index !== -1 && (first === -1 || index < first)) first = index
  }
  return first
}

/** How much of the end of a text may be the beginning of a stop. */
function partialStopLength(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) longest = Math.max(longest, overlapLength(text, stop, stop.length - 1))
  return longest
}

/** Length of the longest end of `text` that is a beginning of `next`, at most `limit`. */
export function overlapLength(text: string, next: string, limit = next.length): number {
  const lastCode = text.charCodeAt(text.length - 1)
  for (let length = Math.min(limit, next.length, text.length); length > 0; length--)
    if (next.charCodeAt(length - 1) === lastCode && text.endsWith(next.slice(0, length))) return length
  return 0
}
