import type { JsonObject, JsonValue } from '../json.js'
import type { BedrockModel } from './bedrock-model.js'
import { BedrockRequestError, validationError } from './bedrock-request-error.js'
import { objectAt, objectsAt, requireConstraint, stringAt, valueAt } from './json-fields.js'
import type { Role } from './prompt-builder.js'

/** One part of a message, reduced to what the emulator looks at. */
export interface ConversePart {
  readonly kind: 'text' | 'guarded' | 'tool-use' | 'tool-result' | 'media' | 'cache-point'
  readonly text: string
  /** Which call of a tool it is, or is the result of. */
  readonly toolUseId?: string | undefined
  /** For `media`: about how many tokens it takes. */
  readonly tokens?: number
}

/** One turn of a conversation. */
export interface ConverseMessage {
  readonly role: Role
  readonly parts: readonly ConversePart[]
}

const blockKeys = ['text', 'image', 'toolUse', 'toolResult', 'document', 'video', 'cachePoint'] as const
/** About what an image costs with Claude. */
const tokensPerImage = 1_600
/** Base64 characters per token of a document, roughly: text of four characters per token. */
const charactersPerDocumentToken = 5

/** Reads `messages` with the rules Converse has for every model. */
export function readMessages(body: JsonObject, model: BedrockModel): readonly ConverseMessage[] {
  const messages = (objectsAt(body, 'messages') ?? []).map((message, index) => readMessage(message, index, model))
  if (messages[0]?.role !== 'user') {
    throw validationError(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    )
  }
  if (messages.some(({ role }, index) => role === messages[index - 1]?.role)) {
    throw validationError(
      'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
    )
  }
  checkToolResults(messages)
  checkLastTurn(messages, model)
  return messages
}

function readMessage(message: JsonObject, index: number, model: BedrockModel): ConverseMessage {
  const role = stringAt(message, 'role')
  const isRole = role === 'user' || role === 'assistant'
  requireConstraint(
    isRole,
    role ?? null,
    `messages.${index + 1}.member.role`,
    'satisfy enum value set: [user, assistant]',
  )
  const blocks = objectsAt(message, 'content') ?? []
  if (blocks.length === 0) {
    throw validationError(
      `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`,
    )
  }
  const parts = blocks.map((block, position) => readBlock(block, `messages.${index}.content.${position}`, model))
  return { role: role === 'assistant' ? 'assistant' : 'user', parts }
}

function readBlock(block: JsonObject, path: string, model: BedrockModel): ConversePart {
  const text = stringAt(block, 'text')
  if (text !== undefined) return textPart(text, path)
  const use = objectAt(block, 'toolUse')
  if (use !== undefined) return toolUsePart(use)
  const result = objectAt(block, 'toolResult')
  if (result !== undefined) return toolResultPart(result)
  const guarded = objectAt(block, 'guardContent')
  if (guarded !== undefined) return guardedPart(guarded)
  if (objectAt(block, 'cachePoint') !== undefined) return cachePointPart(model)
  return otherPart(block, path, model)
}

function textPart(text: string, path: string): ConversePart {
  if (text.trim() !== '') return { kind: 'text', text }
  throw validationError(
    `The text field in the ContentBlock object at ${path} is blank. Add text to the text field, and try again.`,
  )
}

function toolUsePart(use: JsonObject): ConversePart {
  const text = JSON.stringify({ name: stringAt(use, 'name'), input: valueAt(use, 'input') })
  return { kind: 'tool-use', text, toolUseId: stringAt(use, 'toolUseId') }
}

function toolResultPart(result: JsonObject): ConversePart {
  const texts = (objectsAt(result, 'content') ?? []).map((part) => stringAt(part, 'text') ?? JSON.stringify(part))
  return { kind: 'tool-result', text: texts.join('\n'), toolUseId: stringAt(result, 'toolUseId') }
}

function guardedPart(guarded: JsonObject): ConversePart {
  const text = objectAt(guarded, 'text')
  return { kind: 'guarded', text: (text && stringAt(text, 'text')) ?? '' }
}

/** A cache point, for a model that has a cache. */
export function cachePointPart({ caches }: BedrockModel): ConversePart {
  if (caches) return { kind: 'cache-point', text: '' }
  throw new BedrockRequestError(
    'AccessDeniedException',
    'You invoked an unsupported model or your request did not allow prompt caching. See the documentation for more information.',
  )
}

function otherPart(block: JsonObject, path: string, { provider }: BedrockModel): ConversePart {
  const reasoning = objectAt(block, 'reasoningContent')
  if (reasoning !== undefined) return { kind: 'text', text: reasoningText(reasoning) }
  const key = (['image', 'document', 'video'] as const).find((candidate) => valueAt(block, candidate) !== undefined)
  if (key === undefined) {
    throw validationError(
      `The ContentBlock object at ${path} must set one of the following keys: ${blockKeys.join(', ')}.`,
    )
  }
  if (provider === 'mistral')
    throw validationError(`This model doesn't support the ${key} field. Remove ${key} and try again.`)
  return { kind: 'media', text: '', tokens: key === 'document' ? documentTokens(block) : tokensPerImage }
}

function reasoningText(reasoning: JsonObject): string {
  const text = objectAt(reasoning, 'reasoningText')
  return (text && stringAt(text, 'text')) ?? ''
}

function documentTokens(block: JsonObject): number {
  return Math.ceil(JSON.stringify(block).length / charactersPerDocumentToken)
}

/** Every call of a tool must be answered in the next turn, and nothing else may be. */
function checkToolResults(messages: readonly ConverseMessage[]): void {
  for (const [index, { parts }] of messages.entries()) {
    const called = idsOf(messages[index - 1]?.parts ?? [], 'tool-use')
    const answered = idsOf(parts, 'tool-result')
    if (answered.length > called.length || answered.some((id) => !called.includes(id))) {
      throw validationError(
        `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
      )
    }
    throwUnanswered(index, called, answered)
  }
  throwUnanswered(messages.length, idsOf(messages.at(-1)?.parts ?? [], 'tool-use'), [])
}

function throwUnanswered(index: number, called: readonly string[], answered: readonly string[]): void {
  const open = called.filter((id) => !answered.includes(id))
  if (open.length === 0) return
  throw validationError(
    `Expected toolResult blocks at messages.${index}.content for the following Ids: ${open.join(', ')}`,
  )
}

function idsOf(parts: readonly ConversePart[], kind: ConversePart['kind']): readonly string[] {
  return parts.filter((part) => part.kind === kind).map(({ toolUseId }) => toolUseId ?? '')
}

/** Claude goes on where an assistant's message ends; Mistral's models do not. */
function checkLastTurn(messages: readonly ConverseMessage[], { provider }: BedrockModel): void {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return
  if (provider === 'mistral') {
    throw validationError(
      'The model that you are using requires the last turn in the conversation to be a user message. Add a user message to the conversation and try again.',
    )
  }
  if (last.parts.at(-1)?.text !== last.parts.at(-1)?.text.trimEnd()) {
    throw validationError(
      'The model returned the following errors: messages: final assistant content cannot end with trailing whitespace',
    )
  }
}

/** The text of system prompts and of guarded system prompts, with their cache points. */
export function readSystem(body: JsonObject, model: BedrockModel): readonly ConversePart[] {
  const blocks = objectsAt(body, 'system') ?? []
  if (blocks.length > 0 && !model.takesSystemAndTools) {
    throw validationError(
      "This model doesn't support system messages. Try again without a system message or use a model that supports system messages.",
    )
  }
  return blocks.map((block, index) => readSystemBlock(block, `system.${index}`, model))
}

function readSystemBlock(block: JsonObject, path: string, model: BedrockModel): ConversePart {
  if (objectAt(block, 'cachePoint') !== undefined) return cachePointPart(model)
  const guarded = objectAt(block, 'guardContent')
  if (guarded !== undefined) return guardedPart(guarded)
  const text = stringAt(block, 'text') ?? ''
  requireConstraint(text !== '', text as JsonValue, `${path}.text`, 'have length greater than or equal to 1')
  return { kind: 'text', text }
}
