import { isJsonObject, type JsonObject } from '../openai-format/json.js'
import type { AnswerCollector, AnswerProblem } from './answer-collector.js'
import { readAnthropicAnswer, readAnthropicChunk } from './anthropic-answer.js'
import { readMetricCounts } from './bedrock-usage.js'
import { addGuardrailReport } from './converse-answer.js'
import { readMistralOutput } from './mistral-answer.js'

const metricsMember = 'amazon-bedrock-invocationMetrics'

/** Reads one chunk of an InvokeModel stream, in the words of the model that sent it. */
export function readNativeChunk(chunk: JsonObject, answer: AnswerCollector): AnswerProblem {
  const problem = 'outputs' in chunk ? readMistralOutput(chunk, answer) : readAnthropicChunk(chunk, answer)
  readPlatformMembers(chunk, answer)
  // The platform adds its counts to the last chunk.
  if (isJsonObject(chunk[metricsMember]) && answer.isStopped) answer.complete()
  return problem
}

/** Reads a whole answer of InvokeModel. */
export function readNativeAnswer(json: JsonObject, answer: AnswerCollector): AnswerProblem {
  const problem = 'outputs' in json ? readMistralOutput(json, answer) : readAnthropicAnswer(json, answer)
  readPlatformMembers(json, answer)
  return problem ?? (answer.isStopped ? undefined : 'an answer without a stop reason')
}

/** What Bedrock itself adds to the model's words. */
function readPlatformMembers(json: JsonObject, answer: AnswerCollector): void {
  const metrics = json[metricsMember]
  if (isJsonObject(metrics)) answer.addMissingCounts(readMetricCounts(metrics))
  if (json['amazon-bedrock-guardrailAction'] === 'INTERVENED') answer.markFiltered()
  const trace = json['amazon-bedrock-trace']
  const guardrail = isJsonObject(trace) ? trace['guardrail'] : undefined
  if (isJsonObject(guardrail)) addGuardrailReport(guardrail, answer)
}
