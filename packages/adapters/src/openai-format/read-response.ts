import type { AdapterResponse } from '../adapter-response.js'
import type { ToolCall } from '../message.js'
import { readFinishReason } from './finish-reason.js'
import { asString, isJsonObject, type JsonObject } from './json.js'
import { readUsage } from './usage.js'

/**
 * Reads a whole OpenAI-style answer, chat or completion; a string says what is wrong with one that is none.
 * @param index which of the choices is read; the usage is that of all of them
 */
export function readResponse(json: unknown, index = 0): AdapterResponse | string {
  if (!isJsonObject(json)) return 'a JSON value that is no object'
  const { choices } = json
  if (!Array.isArray(choices)) return 'an object without choices'
  const choice = choices.find((candidate) => isJsonObject(candidate) && (candidate['index'] ?? 0) === index)
  if (!isJsonObject(choice))
    return index === 0 ? 'an object without a first choice' : `an object without choice ${index}`
  const message = isJsonObject(choice['message']) ? choice['message'] : choice
  const text = asString(message['content']) ?? asString(message['refusal']) ?? asString(choice['text'])
  const toolCalls = readToolCalls(message['tool_calls'])
  const rawReason = asString(choice['finish_reason'])
  if (rawReason === undefined) return 'a choice without a finish reason'
  if (text === undefined && !('message' in choice) && rawReason !== 'content_filter') return 'a choice without text'
  const reasoning = asString(message['reasoning']) ?? asString(message['reasoning_content'])
  return {
    id: asString(json['id']) ?? '',
    model: asString(json['model']) ?? '',
    text: text ?? '',
    ...(reasoning !== undefined && reasoning !== '' && { reasoning }),
    toolCalls,
    finishReason: readFinishReason(rawReason, toolCalls.length > 0),
    usage: readUsage(json['usage']),
  }
}

function readToolCalls(calls: unknown): ToolCall[] {
  if (!Array.isArray(calls)) return []
  return calls.filter(isJsonObject).map(readToolCall)
}

function readToolCall(call: JsonObject, index: number): ToolCall {
  const tool = isJsonObject(call['function']) ? call['function'] : {}
  return {
    id: asString(call['id']) ?? `call_${index}`,
    name: asString(tool['name']) ?? '',
    arguments: asString(tool['arguments']) ?? '',
  }
}
