import { stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import { type PlacedNode, placedItems, placedPairs } from './find-node.js'
import { isJson } from './is-json.js'
import { renderPlain } from './render-value.js'
import { beforeSpace, lineEnd, lineStart, newlineOf, splice } from './splice.js'

/** Texts with an entry put behind the last one of a mapping. */
export function* insertIntoMap(
  text: string,
  map: YAMLMap & PlacedNode,
  key: string,
  value: unknown,
): Generator<string> {
  const last = placedPairs(map).at(-1)
  const isFlow = map.flow === true
  if (last !== undefined && !isFlow) {
    yield insertBlock(text, last.key, last.value ?? last.key, stringify({ [key]: value }, { lineWidth: 0 }))
    return
  }
  for (const entry of renderEntries(text, key, value))
    if (last === undefined) yield splice(text, map.range[0], map.range[1], `{ ${entry} }`)
    else yield insertFlow(text, last.key, last.value ?? last.key, entry)
}

/** Texts with an item put into a sequence, at an index or, for `-`, behind the last one. */
export function* insertIntoSequence(
  text: string,
  sequence: YAMLSeq & PlacedNode,
  index: string,
  value: unknown,
): Generator<string> {
  const items = placedItems(sequence)
  const next = index === '-' ? undefined : items[Number(index)]
  const last = items.at(-1)
  for (const entry of renderItems(text, value))
    if (last === undefined) yield splice(text, sequence.range[0], sequence.range[1], `[${entry}]`)
    else if (sequence.flow !== true) yield insertBlockItem(text, next, last, entry)
    else if (next === undefined) yield insertFlow(text, last, last, entry)
    else yield splice(text, next.range[0], next.range[0], `${entry}, `)
}

function renderEntries(text: string, key: string, value: unknown): string[] {
  const json = `${JSON.stringify(key)}: ${JSON.stringify(value)}`
  const [plainKey] = renderPlain(key)
  if (isJson(text) || plainKey === undefined) return [json]
  return [
    ...[...renderPlain(value)].map((plain) => `${plainKey}: ${plain}`),
    `${plainKey}: ${JSON.stringify(value)}`,
    json,
  ]
}

function renderItems(text: string, value: unknown): string[] {
  return isJson(text) ? [JSON.stringify(value)] : [...renderPlain(value), JSON.stringify(value)]
}

/** Puts an entry behind the last one of a bracketed collection, on a line of its own where that one has its own. */
function insertFlow(text: string, lastStart: PlacedNode, lastEnd: PlacedNode, entry: string): string {
  const start = lineStart(text, lastStart.range[0])
  const before = text.slice(start, lastStart.range[0])
  const separator = start > 0 && before.trim() === '' ? `,${newlineOf(text)}${before}` : ', '
  return splice(text, lastEnd.range[1], lastEnd.range[1], separator + entry)
}

function insertBlock(text: string, sibling: PlacedNode, last: PlacedNode, entry: string): string {
  const indent = ' '.repeat(sibling.range[0] - lineStart(text, sibling.range[0]))
  return insertLines(text, behind(text, last), entry, indent)
}

function insertBlockItem(text: string, next: PlacedNode | undefined, last: PlacedNode, entry: string): string {
  const dashed = next ?? last
  const start = lineStart(text, dashed.range[0])
  const indent = /^[ \t]*/.exec(text.slice(start))?.[0] ?? ''
  return insertLines(text, next === undefined ? behind(text, last) : start, `- ${entry}\n`, indent)
}

function insertLines(text: string, offset: number, lines: string, indent: string): string {
  const newline = newlineOf(text)
  const indented = lines
    .trimEnd()
    .split('\n')
    .map((line) => indent + line)
    .join(newline)
  const isOpenLine = offset > 0 && text[offset - 1] !== '\n'
  return splice(text, offset, offset, isOpenLine ? newline + indented : indented + newline)
}

function behind(text: string, node: PlacedNode): number {
  return lineEnd(text, beforeSpace(text, node.range[1]))
}
