import type { TextPosition } from '@duo-models/rules'
import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml'

/** The text a configuration was read from, for reports that point into it. */
export interface TextSource {
  /** The file's path, or another name for where the text came from. */
  readonly name: string
  readonly text: string
  /** Where the value at a JSON Pointer stands; the nearest value around it where the pointer itself leads nowhere. */
  positionOf(pointer: string): TextPosition | undefined
}

/** Makes the source of a parsed document. */
export function createTextSource(name: string, text: string, document: Document, lines: LineCounter): TextSource {
  return { name, text, positionOf: (pointer) => locate(pointer, document, lines) }
}

function locate(pointer: string, document: Document, lines: LineCounter): TextPosition | undefined {
  let node = document.contents as Node | null
  let offset = node?.range?.[0]
  for (const segment of readPointer(pointer)) {
    const child = findChild(node, segment)
    if (child === undefined) break
    offset = child.offset ?? offset
    node = child.node
  }
  if (offset === undefined) return undefined
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function readPointer(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

interface Child {
  readonly node: Node | null
  readonly offset: number | undefined
}

function findChild(node: Node | null, segment: string): Child | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === segment)
    if (pair === undefined) return undefined
    return { node: pair.value as Node | null, offset: (pair.key as Node).range?.[0] }
  }
  if (isSeq(node)) {
    const item = node.items[Number(segment)] as Node | undefined
    return item === undefined ? undefined : { node: item, offset: item.range?.[0] }
  }
  return undefined
}
