import { createHash } from 'node:crypto'
import { type OutputPiece, type OutputPlan, textOf } from '../output/output-plan.js'
import type { ReadyPiece } from '../output/run-plans.js'
import type { Random } from '../random.js'

/** A part of an answer, with everything it will hold. */
export type ContentBlock =
  | { readonly kind: 'reasoning'; readonly text: string; readonly signature: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool-use'; readonly id: string; readonly name: string; readonly input: string }

/** A change of one block while an answer is streamed. Between its start and its stop a block has deltas. */
export interface BlockEvent {
  readonly type: 'start' | 'delta' | 'stop'
  /** Position of the block in the answer. */
  readonly index: number
  readonly block: ContentBlock
  /** The text of a delta. */
  readonly text: string
}

/** The blocks of an answer, in their order: reasoning, text, then one for each call of a tool. */
export function contentBlocks({ pieces }: OutputPlan, ids: Random): readonly ContentBlock[] {
  const blocks: ContentBlock[] = []
  const reasoning = textOf(pieces, 'reasoning')
  if (reasoning !== '') blocks.push({ kind: 'reasoning', text: reasoning, signature: signatureOf(reasoning) })
  const text = textOf(pieces, 'content')
  if (text !== '') blocks.push({ kind: 'text', text })
  for (const { text: name, toolIndex } of pieces.filter(({ kind }) => kind === 'tool-name')) {
    const mine = pieces.filter((piece) => piece.toolIndex === toolIndex)
    blocks.push({ kind: 'tool-use', id: `tooluse_${ids.hex(22)}`, name, input: textOf(mine, 'tool-arguments') })
  }
  return blocks
}

/** Real signatures prove that reasoning was not changed; this one only looks like one. */
function signatureOf(reasoning: string): string {
  return createHash('sha512').update(reasoning).digest('base64')
}

const kindOfPiece: Readonly<Record<OutputPiece['kind'], ContentBlock['kind']>> = {
  reasoning: 'reasoning',
  content: 'text',
  'tool-name': 'tool-use',
  'tool-arguments': 'tool-use',
}

/** Turns the tokens of an answer into changes of its blocks, as they become ready. */
export async function* blockEvents(
  pieces: AsyncIterable<ReadyPiece>,
  blocks: readonly ContentBlock[],
): AsyncGenerator<readonly BlockEvent[]> {
  let index = -1
  const event = (type: BlockEvent['type'], text = ''): readonly BlockEvent[] => {
    const block = blocks[index]
    return block === undefined ? [] : [{ type, index, block, text }]
  }
  for await (const { piece } of pieces) {
    const begins = beginsBlock(piece, blocks[index])
    const before = begins ? event('stop') : []
    if (begins) index += 1
    const start = begins ? event('start') : []
    yield [...before, ...start, ...deltaOf(piece, event)]
  }
  yield event('stop')
}

function beginsBlock({ kind, text }: OutputPiece, current: ContentBlock | undefined): boolean {
  return kind === 'tool-name' || (text !== '' && kindOfPiece[kind] !== current?.kind)
}

/** The input of a call begins with an empty delta. */
function deltaOf(
  { kind, text }: OutputPiece,
  event: (type: 'delta', text: string) => readonly BlockEvent[],
): readonly BlockEvent[] {
  if (kind === 'tool-name') return event('delta', '')
  return text === '' ? [] : event('delta', text)
}
