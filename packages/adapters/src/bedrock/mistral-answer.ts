import { asString, isJsonObject, type JsonObject } from '../openai-format/json.js'
import type { AnswerCollector, AnswerProblem } from './answer-collector.js'

/** Reads a chunk of a Mistral model's own stream, or its whole answer: both are one output with its stop reason. */
export function readMistralOutput(json: JsonObject, answer: AnswerCollector): AnswerProblem {
  const output: unknown = Array.isArray(json['outputs']) ? json['outputs'][0] : undefined
  if (!isJsonObject(output)) return 'an answer without an output'
  answer.addText(asString(output['text']) ?? '')
  const stopReason = asString(output['stop_reason'])
  if (stopReason !== undefined && stopReason !== '') answer.stop(stopReason)
  return undefined
}
