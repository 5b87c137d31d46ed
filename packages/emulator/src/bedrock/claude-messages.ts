import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import { validationError } from './bedrock-request-error.js'
import type { Role } from './prompt-builder.js'
import { wrongType } from './provider-schema.js'

/** One turn in Anthropic's format. */
export interface ClaudeMessage {
  readonly role: Role
  readonly blocks: readonly JsonObject[]
}

/** Reads `messages`, or throws what Anthropic's service complains about. */
export function readClaudeMessages(body: JsonObject): readonly ClaudeMessage[] {
  const list = body['messages']
  if (!Array.isArray(list)) throw wrongType('messages', 'JSONArray', list)
  if (list.length === 0) throw validationError('messages: at least one message is required')
  const messages = (list as readonly JsonValue[]).map(readMessage)
  if (messages[0]?.role !== 'user') throw validationError('messages: first message must use the "user" role')
  const last = messages.at(-1)
  const ending = last?.role === 'assistant' ? blockText(last.blocks.at(-1) ?? {}) : ''
  if (ending === ending.trimEnd()) return messages
  throw validationError('messages: final assistant content cannot end with trailing whitespace')
}

function readMessage(message: JsonValue, index: number): ClaudeMessage {
  const role = isJsonObject(message) ? ownValue(message, 'role') : undefined
  if (!isJsonObject(message) || (role !== 'user' && role !== 'assistant')) {
    throw validationError(`messages.${index}.role: Input should be 'user' or 'assistant'`)
  }
  const blocks = readContent(ownValue(message, 'content'), `messages.${index}.content`)
  if (blocks.length === 0) throw validationError(`messages.${index}: all messages must have non-empty content`)
  return { role, blocks }
}

/** Content is a text, or a list of blocks. */
export function readContent(content: JsonValue | undefined, path: string): readonly JsonObject[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  if (!Array.isArray(content)) throw validationError(`${path}: Input should be a valid list`)
  return (content as readonly JsonValue[]).map((block, index) => {
    if (!isJsonObject(block)) throw validationError(`${path}.${index}: Input should be a valid dictionary`)
    if (ownValue(block, 'type') === 'text' && blockText(block).trim() === '') {
      throw validationError('messages: text content blocks must be non-empty')
    }
    return block
  })
}

/** What the model reads of a block: text, reasoning, a call of a tool or its result. */
export function blockText(block: JsonObject): string {
  const text = ownValue(block, 'text') ?? ownValue(block, 'thinking')
  if (typeof text === 'string') return text
  const type = ownValue(block, 'type')
  if (type === 'tool_use') return JSON.stringify({ name: ownValue(block, 'name'), input: ownValue(block, 'input') })
  if (type !== 'tool_result') return ''
  const content = ownValue(block, 'content') ?? ''
  return typeof content === 'string' ? content : JSON.stringify(content)
}

/** The texts of a turn, one per line. */
export function messageText({ blocks }: ClaudeMessage): string {
  return blocks
    .map(blockText)
    .filter((text) => text !== '')
    .join('\n')
}

/** Whether a turn brings results of tools. */
export function bringsResults({ blocks }: ClaudeMessage): boolean {
  return blocks.some((block) => ownValue(block, 'type') === 'tool_result')
}
