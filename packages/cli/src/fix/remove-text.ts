import type { YAMLMap, YAMLSeq } from 'yaml'
import { type PlacedNode, placedItems, placedPairs } from './find-node.js'
import { beforeSpace, lineEnd, lineStart, splice } from './splice.js'

interface Span {
  readonly start: number
  readonly end: number
}

/** Texts without an entry of a mapping. */
export function* removeFromMap(text: string, map: YAMLMap & PlacedNode, key: string): Generator<string> {
  const pairs = placedPairs(map)
  const index = pairs.findIndex((pair) => 'value' in pair.key && String(pair.key.value) === key)
  const spans = pairs.map((pair) => ({ start: pair.key.range[0], end: (pair.value ?? pair.key).range[1] }))
  yield* removeSpan(text, spans, index, map.flow === true)
}

/** Texts without an item of a sequence. */
export function* removeFromSequence(text: string, sequence: YAMLSeq & PlacedNode, index: string): Generator<string> {
  const spans = placedItems(sequence).map(({ range }) => ({ start: range[0], end: range[1] }))
  yield* removeSpan(text, spans, Number(index), sequence.flow === true)
}

function* removeSpan(text: string, spans: readonly Span[], index: number, flow: boolean): Generator<string> {
  const span = spans[index]
  if (span === undefined) return
  const previous = spans[index - 1]
  const next = spans[index + 1]
  // Whole lines first: comments around them stay.
  if (!flow) yield splice(text, lineStart(text, span.start), lineEnd(text, beforeSpace(text, span.end)), '')
  if (next !== undefined) yield splice(text, span.start, next.start, '')
  if (previous !== undefined) yield splice(text, previous.end, span.end, '')
}
