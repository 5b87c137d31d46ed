import { parseJson } from '../json.js'
import type { Random } from '../random.js'
import { readClaudeRequest } from './claude-request.js'
import { type BlockEvent, blockEvents, type ContentBlock, contentBlocks } from './content-block.js'
import type { Conversation } from './conversation.js'
import { chunkFrame, type InvocationCounts, invocationHeaders, invocationMetrics } from './invocation.js'
import { generate, latencyMs, type ModelExchange, sendAnswer, startFrames } from './model-exchange.js'
import { planConversation } from './plan-conversation.js'
import type { PlannedAnswer } from './planned-answer.js'

interface PreparedMessage {
  readonly conversation: Conversation
  readonly answer: PlannedAnswer
  readonly blocks: readonly ContentBlock[]
  readonly id: string
}

async function prepare(exchange: ModelExchange): Promise<PreparedMessage> {
  const { ids } = exchange.state
  const conversation = readClaudeRequest(exchange)
  const answer = await planConversation(conversation, exchange.state)
  return { conversation, answer, blocks: contentBlocks(answer.plan, ids), id: messageId(ids) }
}

function messageId(ids: Random): string {
  return `msg_bdrk_${ids.hex(24)}`
}

/** `POST /model/{modelId}/invoke` with Claude. */
export async function answerClaude(exchange: ModelExchange): Promise<void> {
  const prepared = await prepare(exchange)
  const { conversation, answer, blocks } = prepared
  for await (const _ of generate(exchange, answer.plan, conversation.promptTokens));
  const body = {
    ...messageHead(prepared),
    content: blocks.map(contentBlock),
    stop_reason: claudeStopReason(answer),
    stop_sequence: answer.stopSequence,
    usage: { ...promptUsage(answer), output_tokens: answer.outputTokens },
    ...guardrailAction(prepared),
  }
  await sendAnswer(exchange, JSON.stringify(body), invocationHeaders(counts(answer), latencyMs(exchange)))
}

/** `POST /model/{modelId}/invoke-with-response-stream` with Claude. */
export async function answerClaudeStream(exchange: ModelExchange): Promise<void> {
  const prepared = await prepare(exchange)
  const { conversation, answer, blocks } = prepared
  const { reply } = exchange.exchange
  const write = (event: object) => reply.write(chunkFrame(event, exchange.state.ids))
  await startFrames(exchange, [['X-Amzn-Bedrock-Content-Type', 'application/json']])
  let firstByteMs: number | undefined
  for await (const events of blockEvents(generate(exchange, answer.plan, conversation.promptTokens), blocks)) {
    if (firstByteMs === undefined) await write(messageStart(prepared))
    firstByteMs ??= latencyMs(exchange)
    for (const event of events) for (const payload of streamEvents(event)) await write(payload)
  }
  await write({
    type: 'message_delta',
    delta: { stop_reason: claudeStopReason(answer), stop_sequence: answer.stopSequence },
    usage: { output_tokens: answer.outputTokens },
    ...guardrailAction(prepared),
  })
  const metrics = invocationMetrics(counts(answer), latencyMs(exchange), firstByteMs ?? latencyMs(exchange))
  await write({ type: 'message_stop', ...metrics })
  await reply.end()
}

/** Claude names itself without the provider and the version of the API. */
function modelName(id: string): string {
  return id.replace(/^anthropic\./, '').replace(/-v\d+(:\d+)?$/, '')
}

function messageHead({ id, conversation }: PreparedMessage): object {
  return { id, type: 'message', role: 'assistant', model: modelName(conversation.model.id) }
}

function messageStart(prepared: PreparedMessage): object {
  const usage = { ...promptUsage(prepared.answer), output_tokens: 1 }
  const message = { ...messageHead(prepared), content: [], stop_reason: null, stop_sequence: null, usage }
  return { type: 'message_start', message }
}

function counts({ promptUsage: prompt, outputTokens }: PlannedAnswer): InvocationCounts {
  return { inputTokens: prompt.inputTokens, outputTokens }
}

function promptUsage({ promptUsage: prompt }: PlannedAnswer): object {
  return {
    input_tokens: prompt.inputTokens,
    cache_creation_input_tokens: prompt.cacheWriteInputTokens,
    cache_read_input_tokens: prompt.cacheReadInputTokens,
  }
}

/** A guardrail's work is told apart from the reason, which stays one of Claude's. */
function claudeStopReason({ stopReason, intervention }: PlannedAnswer): string {
  return intervention === undefined ? stopReason : 'end_turn'
}

function guardrailAction({ conversation, answer }: PreparedMessage): object {
  if (conversation.guardrail === undefined) return {}
  return { 'amazon-bedrock-guardrailAction': answer.intervention === undefined ? 'NONE' : 'INTERVENED' }
}

function contentBlock(block: ContentBlock): object {
  switch (block.kind) {
    case 'reasoning':
      return { type: 'thinking', thinking: block.text, signature: block.signature }
    case 'text':
      return { type: 'text', text: block.text }
    case 'tool-use':
      return { type: 'tool_use', id: toolUseId(block.id), name: block.name, input: parseJson(block.input) ?? {} }
  }
}

/** InvokeModel hands Claude's own ids through; they look different from Converse's. */
function toolUseId(id: string): string {
  return id.replace(/^tooluse_/, 'toolu_bdrk_')
}

function streamEvents({ type, index, block, text }: BlockEvent): readonly object[] {
  if (type === 'delta') return [{ type: 'content_block_delta', index, delta: delta(block, text) }]
  if (type === 'start') return [{ type: 'content_block_start', index, content_block: emptyBlock(block) }]
  const stop = { type: 'content_block_stop', index }
  if (block.kind !== 'reasoning') return [stop]
  const signature = { type: 'signature_delta', signature: block.signature }
  return [{ type: 'content_block_delta', index, delta: signature }, stop]
}

function emptyBlock(block: ContentBlock): object {
  if (block.kind === 'reasoning') return { type: 'thinking', thinking: '', signature: '' }
  if (block.kind === 'text') return { type: 'text', text: '' }
  return { type: 'tool_use', id: toolUseId(block.id), name: block.name, input: {} }
}

function delta(block: ContentBlock, text: string): object {
  if (block.kind === 'reasoning') return { type: 'thinking_delta', thinking: text }
  if (block.kind === 'text') return { type: 'text_delta', text }
  return { type: 'input_json_delta', partial_json: text }
}
