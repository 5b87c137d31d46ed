import { isJsonObject, type JsonValue, ownValue } from '../json.js'
import { encode } from '../text/tokenizer.js'
import { type AzureRequestError, invalidRequest } from './azure-request-error.js'
import { type BodyReader, wrongType } from './body-reader.js'

/** A chat message, reduced to what the emulator looks at. */
export interface ChatMessage {
  readonly role: string
  /** The text of all parts, joined by line breaks. */
  readonly text: string
}

const roles: ReadonlySet<string> = new Set(['system', 'assistant', 'user', 'function', 'tool', 'developer'])

/** Reads `messages`, or throws OpenAI's complaint. */
export function readMessages(reader: BodyReader): readonly ChatMessage[] {
  reader.require('messages')
  const messages = reader.array('messages') ?? []
  if (messages.length > 0) return messages.map(readMessage)
  throw invalidRequest(
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    'messages',
    'empty_array',
  )
}

function readMessage(message: JsonValue, index: number): ChatMessage {
  const path = `messages[${index}]`
  if (!isJsonObject(message)) throw wrongType(path, 'an object', message)
  const role = ownValue(message, 'role')
  if (typeof role !== 'string' || !roles.has(role)) throw invalidRole(path, role)
  const content = ownValue(message, 'content') ?? null
  const calls = ownValue(message, 'tool_calls') ?? null
  if (content === null && calls === null && role !== 'assistant') {
    throw invalidRequest(`Invalid value for 'content': expected a string, got null.`, `${path}.content`)
  }
  const parts = [contentText(content, path), calls === null ? '' : JSON.stringify(calls)]
  return { role, text: parts.filter((part) => part !== '').join('\n') }
}

function invalidRole(path: string, role: JsonValue | undefined): AzureRequestError {
  if (role === undefined) {
    return invalidRequest(`Missing required parameter: '${path}.role'.`, `${path}.role`, 'missing_required_parameter')
  }
  const value = String(role).slice(0, 100)
  return invalidRequest(
    `Invalid value: '${value}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
    `${path}.role`,
    'invalid_value',
  )
}

function contentText(content: JsonValue, path: string): string {
  if (content === null) return ''
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) throw wrongType(`${path}.content`, 'one of a string or array of objects', content)
  return (content as readonly JsonValue[])
    .map((part, index) => partText(part, `${path}.content[${index}]`))
    .filter((text) => text !== '')
    .join('\n')
}

function partText(part: JsonValue, path: string): string {
  if (!isJsonObject(part)) throw wrongType(path, 'an object', part)
  const text = ownValue(part, 'text') ?? ownValue(part, 'refusal')
  return typeof text === 'string' ? text : ''
}

/** The prompt of a chat in OpenAI's markup. */
export function renderChat(messages: readonly ChatMessage[]): string {
  const turns = messages.map(({ role, text }) => `<|im_start|>${role}\n${text}<|im_end|>\n`)
  return `${turns.join('')}<|im_start|>assistant\n`
}

/** What OpenAI's markup takes around each message, and before the answer. */
const tokensPerMessage = 4
const tokensBeforeAnswer = 3

/** How many tokens a chat takes. */
export function chatTokens(messages: readonly ChatMessage[]): number {
  const texts = messages.reduce((sum, { text }) => sum + encode(text, false).length + tokensPerMessage, 0)
  return texts + tokensBeforeAnswer
}
