import { asString, isJsonObject, type JsonObject } from '../openai-format/json.js'
import type { AnswerCollector, AnswerProblem } from './answer-collector.js'
import { readAnthropicCounts } from './bedrock-usage.js'

/** Reads one chunk of Claude's own stream. Types that are not known are left out. */
export function readAnthropicChunk(chunk: JsonObject, answer: AnswerCollector): AnswerProblem {
  const block = typeof chunk['index'] === 'number' ? chunk['index'] : 0
  switch (chunk['type']) {
    case 'message_start':
      startMessage(chunk['message'], answer)
      return undefined
    case 'content_block_start':
      return startBlock(block, chunk['content_block'], answer)
    case 'content_block_delta':
      return addDelta(block, chunk['delta'], answer)
    case 'content_block_stop':
      answer.endBlock(block)
      return undefined
    case 'message_delta':
      endMessage(chunk, answer)
      return undefined
    default:
      return undefined
  }
}

/** Reads a whole answer of Claude. */
export function readAnthropicAnswer(json: JsonObject, answer: AnswerCollector): AnswerProblem {
  const { content, stop_reason: stopReason } = json
  if (!Array.isArray(content)) return 'an answer without content'
  if (typeof stopReason !== 'string') return 'an answer without a stop reason'
  startMessage(json, answer)
  for (const [index, block] of content.entries()) {
    const problem = isJsonObject(block) ? addBlock(index, block, answer) : undefined
    if (problem !== undefined) return problem
  }
  answer.stop(stopReason)
  return undefined
}

function startMessage(message: unknown, answer: AnswerCollector): void {
  if (!isJsonObject(message)) return
  answer.start(asString(message['id']), asString(message['model']))
  if (isJsonObject(message['usage'])) answer.addCounts(readAnthropicCounts(message['usage']))
}

function startBlock(block: number, start: unknown, answer: AnswerCollector): AnswerProblem {
  if (!isJsonObject(start)) return undefined
  if (start['type'] === 'text') answer.addText(asString(start['text']) ?? '')
  if (start['type'] !== 'tool_use') return undefined
  return answer.startToolUse(block, asString(start['id']), asString(start['name']) ?? '')
}

function addDelta(block: number, delta: unknown, answer: AnswerCollector): AnswerProblem {
  if (!isJsonObject(delta)) return undefined
  const { type, text, thinking, partial_json: json } = delta
  if (type === 'text_delta' && typeof text === 'string') answer.addText(text)
  if (type === 'thinking_delta' && typeof thinking === 'string') answer.addReasoning(thinking)
  return type === 'input_json_delta' && typeof json === 'string' ? answer.addToolInput(block, json) : undefined
}

function addBlock(index: number, block: JsonObject, answer: AnswerCollector): AnswerProblem {
  if (block['type'] === 'thinking') answer.addReasoning(asString(block['thinking']) ?? '')
  const started = startBlock(index, block, answer)
  if (block['type'] !== 'tool_use' || started !== undefined) return started
  const problem = answer.addToolInput(index, JSON.stringify(block['input'] ?? {}))
  answer.endBlock(index)
  return problem
}

function endMessage({ delta, usage }: JsonObject, answer: AnswerCollector): void {
  const stopReason = isJsonObject(delta) ? asString(delta['stop_reason']) : undefined
  if (stopReason !== undefined) answer.stop(stopReason)
  if (isJsonObject(usage)) answer.addCounts(readAnthropicCounts(usage))
}
