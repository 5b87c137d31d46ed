import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import { validationError } from './bedrock-request-error.js'
import {
  blockText,
  bringsResults,
  type ClaudeMessage,
  messageText,
  readClaudeMessages,
  readContent,
} from './claude-messages.js'
import { readClaudeTools } from './claude-tools.js'
import type { Conversation } from './conversation.js'
import { headerGuardrail } from './header-guardrail.js'
import type { ModelExchange } from './model-exchange.js'
import type { ModelRequest } from './model-request.js'
import { outputLimit, outputRoom } from './output-room.js'
import { PromptBuilder } from './prompt-builder.js'
import { checkKeys, wrongType } from './provider-schema.js'
import { readThinking } from './thinking.js'

/** What Anthropic's Messages body may hold on Bedrock; `model` and `stream` belong to the URL. */
const knownKeys: ReadonlySet<string> = new Set(
  'anthropic_version anthropic_beta max_tokens system messages temperature top_p top_k stop_sequences tools tool_choice thinking metadata context_management output_config'.split(
    ' ',
  ),
)
const anthropicVersion = 'bedrock-2023-05-31'
/** About what an image costs with Claude. */
const tokensPerImage = 1_600

/** Reads the body of InvokeModel for Claude, or throws what AWS answers instead. */
export function readClaudeRequest(exchange: ModelExchange): Conversation {
  const { model, modelId, body, state } = exchange
  checkKeys(body, ['anthropic_version', 'max_tokens', 'messages'], knownKeys)
  if (body['anthropic_version'] !== anthropicVersion) {
    throw validationError(`anthropic_version: Input should be '${anthropicVersion}'`)
  }
  const messages = readClaudeMessages(body)
  const tools = readClaudeTools(body)
  const maxTokens = outputLimit(readLimit(body), model)
  const temperature = readShare(body, 'temperature')
  readShare(body, 'top_p')
  const thinking = { model, maxTokens, temperature, tools, prefix: '' }
  const { text, tokens, cachePoints } = buildPrompt(exchange, messages)
  return {
    model,
    modelId,
    body,
    messages: messages.map((message) => ({
      role: bringsResults(message) ? 'tool' : message.role,
      text: messageText(message),
    })),
    prompt: text,
    promptTokens: tokens,
    cachePoints,
    tools,
    maxTokens: outputRoom(tokens, maxTokens, model),
    stopSequences: readStops(body),
    thinks: readThinking(thinkingOf(body), thinking),
    guardrail: headerGuardrail(exchange.exchange.headers, state),
    assessedText: messages
      .filter(({ role }) => role === 'user')
      .map(messageText)
      .join('\n'),
  }
}

function readLimit(body: JsonObject): number {
  const value = body['max_tokens']
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType('max_tokens', 'Integer', value)
  if (value >= 1) return value
  throw validationError('max_tokens: Input should be greater than or equal to 1')
}

function readShare(body: JsonObject, key: string): number | undefined {
  const value = ownValue(body, key) ?? undefined
  if (value === undefined) return undefined
  if (typeof value !== 'number') throw wrongType(key, 'Number', value)
  if (value < 0) throw validationError(`${key}: Input should be greater than or equal to 0`)
  if (value > 1) throw validationError(`${key}: Input should be less than or equal to 1`)
  return value
}

function readStops(body: JsonObject): readonly string[] {
  const stops = ownValue(body, 'stop_sequences') ?? []
  if (!Array.isArray(stops)) throw wrongType('stop_sequences', 'JSONArray', stops)
  const texts = (stops as readonly JsonValue[]).filter((stop) => typeof stop === 'string')
  if (texts.length < stops.length) throw validationError('stop_sequences: Input should be a valid string')
  if (texts.every((stop) => stop.trim() !== '')) return texts
  throw validationError('stop_sequences: each stop sequence must contain non-whitespace')
}

function thinkingOf(body: JsonObject): JsonObject | undefined {
  const value = ownValue(body, 'thinking') ?? undefined
  if (value === undefined || isJsonObject(value)) return value
  throw wrongType('thinking', 'JSONObject', value)
}

function buildPrompt({ model, body }: ModelRequest, messages: readonly ClaudeMessage[]) {
  const prompt = new PromptBuilder(model)
  const tools = ownValue(body, 'tools')
  for (const tool of Array.isArray(tools) ? (tools as readonly JsonValue[]) : []) {
    prompt.add(JSON.stringify(tool))
    markCachePoint(tool, prompt)
  }
  for (const block of readContent(ownValue(body, 'system') ?? [], 'system')) addBlock(block, prompt)
  for (const { role, blocks } of messages) {
    prompt.addTurn(role, () => {
      for (const block of blocks) addBlock(block, prompt)
    })
  }
  return prompt.finish()
}

function addBlock(block: JsonObject, prompt: PromptBuilder): void {
  if (ownValue(block, 'type') === 'image') prompt.addMedia(tokensPerImage)
  prompt.add(blockText(block))
  markCachePoint(block, prompt)
}

function markCachePoint(block: JsonValue, prompt: PromptBuilder): void {
  if (isJsonObject(block) && isJsonObject(ownValue(block, 'cache_control'))) prompt.addCachePoint()
}
