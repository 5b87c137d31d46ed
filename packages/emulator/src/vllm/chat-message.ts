import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { BodyReader } from './body-reader.js'

/** A chat message, reduced to what the emulator looks at. */
export interface ChatMessage {
  readonly role: string
  /** The text of all parts, joined by line breaks. */
  readonly text: string
}

/** Reads `messages`. Complains about messages without a role and about parts that carry no text. */
export function readMessages(reader: BodyReader): readonly ChatMessage[] {
  reader.require('messages')
  const messages = reader.array('messages') ?? []
  return messages.flatMap((message, index) => readMessage(message, index, reader))
}

function readMessage(message: JsonValue, index: number, reader: BodyReader): ChatMessage[] {
  if (!isJsonObject(message)) {
    reader.complain('dict_type', ['messages', index], 'Input should be a valid dictionary', message)
    return []
  }
  const role = ownValue(message, 'role')
  if (typeof role !== 'string') {
    reader.complain('missing', ['messages', index, 'role'], 'Field required', message)
    return []
  }
  const content = ownValue(message, 'content')
  if (content === undefined || content === null) return [{ role, text: toolCallText(message) }]
  if (typeof content === 'string') return [{ role, text: content }]
  return [{ role, text: partsText(content, index, reader) }]
}

function partsText(content: JsonValue, index: number, reader: BodyReader): string {
  const parts = Array.isArray(content) ? (content as readonly JsonValue[]) : [content]
  const texts = parts.map((part) => {
    const text = isJsonObject(part) ? (ownValue(part, 'text') ?? ownValue(part, 'refusal')) : part
    if (typeof text === 'string') return text
    reader.complain('string_type', ['messages', index, 'content'], 'Input should be a valid string', part)
    return ''
  })
  return texts.join('\n')
}

function toolCallText(message: JsonObject): string {
  const calls = ownValue(message, 'tool_calls')
  return calls === undefined || calls === null ? '' : JSON.stringify(calls)
}

/** The prompt of a chat, in the manner of Mistral's template: user turns in `[INST]`, answers ended by `</s>`. */
export function renderChat(messages: readonly ChatMessage[]): string {
  let pendingSystem = ''
  const turns = messages.map(({ role, text }) => {
    if (role === 'system' || role === 'developer') {
      pendingSystem += `${text}\n\n`
      return ''
    }
    if (role === 'assistant') return ` ${text}</s>`
    const turn = `[INST] ${pendingSystem}${text} [/INST]`
    pendingSystem = ''
    return turn
  })
  return turns.join('') + pendingSystem.trimEnd()
}
