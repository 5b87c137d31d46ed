import type { JsonPatchOperation } from '@duo-models/rules'
import { type Document, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { findNode, findPair, type PlacedNode } from './find-node.js'
import { insertIntoMap, insertIntoSequence } from './insert-text.js'
import { isJson } from './is-json.js'
import { pointerSegments, splitPointer } from './json-pointer.js'
import { removeFromMap, removeFromSequence } from './remove-text.js'
import { renderLike } from './render-value.js'
import { beforeSpace, splice } from './splice.js'

/**
 * Texts that may be what a patch operation makes of `text`, the most careful edit first. None is checked: the caller
 * reads each back and takes the first that says `expected`.
 */
export function* candidateTexts(text: string, operation: JsonPatchOperation, expected: unknown): Generator<string> {
  const document = parseDocument(text, { keepSourceTokens: true })
  yield* carefulEdits(text, document, operation)
  if (isJson(text)) yield `${JSON.stringify(expected, null, indentation(text))}\n`
  else yield* rewritten(document, operation)
}

function carefulEdits(text: string, document: Document, operation: JsonPatchOperation): Iterable<string> {
  switch (operation.op) {
    case 'replace':
      return replaceEdits(text, document, operation.path, operation.value)
    case 'add':
      return addEdits(text, document, operation.path, operation.value)
    case 'remove':
      return removeEdits(text, document, operation.path)
    case 'move':
      return renameEdits(text, document, operation.from, operation.path)
    default:
      return []
  }
}

function* replaceEdits(text: string, document: Document, path: string, value: unknown): Generator<string> {
  const node = findNode(document, path)
  if (node === undefined) return
  const [start] = node.range
  // A block ends where the next thing starts; its last line feed is not part of it.
  const end = Math.max(start, beforeSpace(text, node.range[1]))
  // An empty value stands directly behind its colon.
  const gap = start === end && start > 0 && !/\s/.test(text[start - 1] ?? '') ? ' ' : ''
  for (const rendered of renderLike(text.slice(start, end), value)) yield splice(text, start, end, gap + rendered)
}

function* addEdits(text: string, document: Document, path: string, value: unknown): Generator<string> {
  const { parent, last } = splitPointer(path)
  const container = findNode(document, parent)
  if (isMap(container)) {
    if (findPair(container, last) !== undefined) yield* replaceEdits(text, document, path, value)
    else yield* insertIntoMap(text, container, last, value)
  }
  if (isSeq(container)) yield* insertIntoSequence(text, container, last, value)
}

function* removeEdits(text: string, document: Document, path: string): Generator<string> {
  const { parent, last } = splitPointer(path)
  const container = findNode(document, parent)
  if (isMap(container)) yield* removeFromMap(text, container, last)
  if (isSeq(container)) yield* removeFromSequence(text, container, last)
}

function* renameEdits(text: string, document: Document, from: string, path: string): Generator<string> {
  const source = splitPointer(from)
  const target = splitPointer(path)
  if (source.parent !== target.parent) return
  const container: PlacedNode | undefined = findNode(document, source.parent)
  const key = isMap(container) ? findPair(container, source.last)?.key : undefined
  if (key === undefined) return
  const [start, end] = key.range
  for (const rendered of renderLike(text.slice(start, end), target.last)) yield splice(text, start, end, rendered)
}

// Keeps comments, but lays the text out anew.
function* rewritten(document: Document, operation: JsonPatchOperation): Generator<string> {
  const path = documentPath(document, operation.path)
  try {
    if (operation.op === 'remove') document.deleteIn(path)
    else if (operation.op === 'move') {
      const from = documentPath(document, operation.from)
      const moved = document.getIn(from, true)
      document.deleteIn(from)
      document.setIn(documentPath(document, operation.path), moved)
    } else if (operation.op === 'copy') document.setIn(path, document.getIn(documentPath(document, operation.from)))
    else if (operation.op === 'add') document.addIn(path, operation.value)
    else if (operation.op === 'replace') document.setIn(path, document.createNode(operation.value))
    yield document.toString({ lineWidth: 0 })
  } catch {
    // The document's own interface throws where a path leads through a scalar or an alias: then there is no such text.
  }
}

// A key may be a number or `null` in the text; a pointer knows only strings.
function documentPath(document: Document, pointer: string): unknown[] {
  let node: unknown = document.contents
  return pointerSegments(pointer).map((segment) => {
    const pair = isMap(node) ? findPair(node, segment) : undefined
    const key = isSeq(node) ? Number(segment) : pair !== undefined && isScalar(pair.key) ? pair.key.value : segment
    node = isSeq(node) ? node.items[Number(segment)] : pair?.value
    return key
  })
}

function indentation(text: string): string {
  return /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
}
