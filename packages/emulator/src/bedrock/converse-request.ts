import { type JsonObject, type JsonValue, ownValue } from '../json.js'
import { applyGuardrail } from './applied-guardrail.js'
import type { BedrockModel } from './bedrock-model.js'
import { malformedInput } from './bedrock-request-error.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import type { Conversation } from './conversation.js'
import { type ConverseMessage, type ConversePart, readMessages, readSystem } from './converse-messages.js'
import { readTools } from './converse-tools.js'
import { integerAt, numberAt, objectAt, requireConstraint, stringAt, stringsAt } from './json-fields.js'
import type { ModelRequest } from './model-request.js'
import { outputLimit, outputRoom } from './output-room.js'
import { PromptBuilder } from './prompt-builder.js'
import { readThinking } from './thinking.js'

/** What Converse puts before the complaints of a model's provider. */
const providerComplaint = 'The model returned the following errors: '

/** Fields that may be handed through to a provider's own body. */
const additionalFields: Readonly<Record<BedrockModel['provider'], ReadonlySet<string> | undefined>> = {
  anthropic: new Set(
    'thinking top_k anthropic_beta reasoning_config output_config context_management metadata tools tool_choice'.split(
      ' ',
    ),
  ),
  mistral: new Set(['top_k']),
  other: undefined,
}

/** Reads the body of Converse and ConverseStream, or throws what AWS answers instead. */
export function readConverseRequest({ model, modelId, body }: ModelRequest, state: BedrockServerState): Conversation {
  const inference = objectAt(body, 'inferenceConfig') ?? {}
  const limit = readInference(inference)
  const additional = objectAt(body, 'additionalModelRequestFields') ?? {}
  checkAdditional(additional, model)
  const messages = readMessages(body, model)
  const system = readSystem(body, model)
  const { parts: toolParts, ...tools } = readTools(body, messages, model)
  const maxTokens = outputLimit(limit, model)
  const temperature = ownValue(inference, 'temperature') ?? undefined
  const thinking = { model, maxTokens, temperature, tools, prefix: providerComplaint }
  const { text, tokens, cachePoints } = buildPrompt(model, [...toolParts, ...system], messages)
  const guardrail = objectAt(body, 'guardrailConfig') ?? {}
  return {
    model,
    modelId,
    body,
    messages: messages.map(messageText),
    prompt: text,
    promptTokens: tokens,
    cachePoints,
    tools,
    maxTokens: outputRoom(tokens, maxTokens, model),
    stopSequences: stringsAt(inference, 'stopSequences') ?? [],
    thinks: readThinking(objectAt(additional, 'thinking'), thinking),
    guardrail: applyGuardrail(
      stringAt(guardrail, 'guardrailIdentifier'),
      stringAt(guardrail, 'guardrailVersion'),
      stringAt(guardrail, 'trace'),
      state,
    ),
    assessedText: assessedText(messages),
  }
}

/** Guarded parts, where there are any; else everything the user's side brings. */
function assessedText(messages: readonly ConverseMessage[]): string {
  const parts = messages.filter(({ role }) => role === 'user').flatMap((message) => message.parts)
  const guarded = parts.filter(({ kind }) => kind === 'guarded')
  return joinText(guarded.length > 0 ? guarded : parts)
}

/** The limit of the output, after checking the other sampling parameters. */
function readInference(inference: JsonObject): number | undefined {
  const maxTokens = integerAt(inference, 'maxTokens')
  requireConstraint(
    maxTokens === undefined || maxTokens >= 1,
    maxTokens ?? null,
    'inferenceConfig.maxTokens',
    'have value greater than or equal to 1',
  )
  for (const key of ['temperature', 'topP']) requireShare(numberAt(inference, key), `inferenceConfig.${key}`)
  const stops = stringsAt(inference, 'stopSequences') ?? []
  const path = 'inferenceConfig.stopSequences'
  requireConstraint(!stops.includes(''), stops as readonly JsonValue[], path, 'have length greater than or equal to 1')
  return maxTokens
}

function requireShare(value: number | undefined, path: string): void {
  if (value === undefined) return
  requireConstraint(value <= 1, value, path, 'have value less than or equal to 1')
  requireConstraint(value >= 0, value, path, 'have value greater than or equal to 0')
}

function checkAdditional(additional: JsonObject, { provider }: BedrockModel): void {
  const known = additionalFields[provider]
  const unknown = Object.keys(additional).find((key) => known !== undefined && !known.has(key))
  if (unknown !== undefined) throw malformedInput(`#: extraneous key [${unknown.slice(0, 100)}] is not permitted`)
}

function buildPrompt(model: BedrockModel, head: readonly ConversePart[], messages: readonly ConverseMessage[]) {
  const prompt = new PromptBuilder(model)
  for (const part of head) addPart(part, prompt)
  for (const { role, parts } of messages) {
    prompt.addTurn(role, () => {
      for (const part of parts) addPart(part, prompt)
    })
  }
  return prompt.finish()
}

function addPart({ kind, text, tokens = 0 }: ConversePart, prompt: PromptBuilder): void {
  if (kind === 'cache-point') prompt.addCachePoint()
  else if (kind === 'media') prompt.addMedia(tokens)
  else prompt.add(text)
}

function messageText({ role, parts }: ConverseMessage): { role: string; text: string } {
  const bringsResults = parts.some(({ kind }) => kind === 'tool-result')
  return { role: bringsResults ? 'tool' : role, text: joinText(parts) }
}

function joinText(parts: readonly ConversePart[]): string {
  return parts
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('\n')
}
