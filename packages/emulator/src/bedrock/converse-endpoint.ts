import { sortedJson } from '../sorted-json.js'
import { type BlockEvent, blockEvents, type ContentBlock, contentBlocks } from './content-block.js'
import type { Conversation } from './conversation.js'
import { readConverseRequest } from './converse-request.js'
import { answerMembers, closingMembers, converseResponse } from './converse-response.js'
import { eventFrame } from './frames.js'
import { generate, latencyMs, type ModelExchange, sendAnswer, startFrames } from './model-exchange.js'
import { planConversation } from './plan-conversation.js'
import type { PlannedAnswer } from './planned-answer.js'

/** `POST /model/{modelId}/converse`. */
export async function answerConverse(exchange: ModelExchange): Promise<void> {
  const { conversation, answer, blocks } = await prepare(exchange)
  for await (const _ of generate(exchange, answer.plan, conversation.promptTokens));
  await sendAnswer(exchange, sortedJson(converseResponse(conversation, answer, blocks, latencyMs(exchange))))
}

/** `POST /model/{modelId}/converse-stream`. */
export async function answerConverseStream(exchange: ModelExchange): Promise<void> {
  const { conversation, answer, blocks } = await prepare(exchange)
  const { reply } = exchange.exchange
  const write = (type: string, payload: object) => reply.write(eventFrame(type, payload, exchange.state.ids))
  await startFrames(exchange)
  let isFirst = true
  for await (const events of blockEvents(generate(exchange, answer.plan, conversation.promptTokens), blocks)) {
    if (isFirst) await write('messageStart', { role: 'assistant' })
    isFirst = false
    for (const event of events) for (const [type, payload] of frames(event)) await write(type, payload)
  }
  await write('messageStop', answerMembers(conversation, answer))
  await write('metadata', closingMembers(conversation, answer, latencyMs(exchange)))
  await reply.end()
}

interface PreparedConversation {
  readonly conversation: Conversation
  readonly answer: PlannedAnswer
  readonly blocks: readonly ContentBlock[]
}

async function prepare(exchange: ModelExchange): Promise<PreparedConversation> {
  const conversation = readConverseRequest(exchange, exchange.state)
  const answer = await planConversation(conversation, exchange.state)
  return { conversation, answer, blocks: contentBlocks(answer.plan, exchange.state.ids) }
}

/** Starts are announced for calls of tools only, and reasoning is signed before it ends. */
function frames({ type, index, block, text }: BlockEvent): readonly (readonly [type: string, payload: object])[] {
  const contentBlockIndex = index
  if (type === 'delta') return [['contentBlockDelta', { contentBlockIndex, delta: delta(block, text) }]]
  if (type === 'start') {
    if (block.kind !== 'tool-use') return []
    const start = { toolUse: { name: block.name, toolUseId: block.id } }
    return [['contentBlockStart', { contentBlockIndex, start }]]
  }
  const stop = ['contentBlockStop', { contentBlockIndex }] as const
  if (block.kind !== 'reasoning') return [stop]
  const signature = { reasoningContent: { signature: block.signature } }
  return [['contentBlockDelta', { contentBlockIndex, delta: signature }], stop]
}

function delta(block: ContentBlock, text: string): object {
  switch (block.kind) {
    case 'reasoning':
      return { reasoningContent: { text } }
    case 'text':
      return { text }
    case 'tool-use':
      return { toolUse: { input: text } }
  }
}
