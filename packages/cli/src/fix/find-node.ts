import { type Document, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { pointerSegments } from './json-pointer.js'

/** A node of a parsed document that knows where it stands. */
export type PlacedNode = Node & { range: [start: number, valueEnd: number, nodeEnd: number] }

/** An entry of a mapping whose key and value know where they stand. */
export interface PlacedPair {
  readonly key: PlacedNode
  readonly value: PlacedNode | undefined
}

/** The node a JSON Pointer leads to; `undefined` where there is none, or only through an alias. */
export function findNode(document: Document, pointer: string): PlacedNode | undefined {
  let node = document.contents as Node | null | undefined
  for (const segment of pointerSegments(pointer)) {
    if (isMap(node)) node = findPair(node, segment)?.value
    else if (isSeq(node)) node = node.items[Number(segment)] as Node | undefined
    else return undefined
  }
  return isPlaced(node) ? node : undefined
}

/** The entry of a mapping with that key. */
export function findPair(map: YAMLMap, key: string): PlacedPair | undefined {
  return placedPairs(map).find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
}

/** The entries of a mapping, in the order of the text. */
export function placedPairs(map: YAMLMap): PlacedPair[] {
  return map.items.flatMap((item) => placePair(item))
}

/** The items of a sequence, in the order of the text. */
export function placedItems(sequence: YAMLSeq): PlacedNode[] {
  return (sequence.items as (Node | null)[]).filter(isPlaced)
}

function placePair(item: unknown): PlacedPair[] {
  if (!isPair(item)) return []
  const { key, value } = item as Pair<Node | null, Node | null>
  return isPlaced(key) ? [{ key, value: isPlaced(value) ? value : undefined }] : []
}

function isPlaced(node: Node | null | undefined): node is PlacedNode {
  return node?.range !== undefined && node.range !== null
}
