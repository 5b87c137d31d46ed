import { asString, isJsonObject, type JsonObject } from '../openai-format/json.js'
import type { AnswerCollector, AnswerProblem } from './answer-collector.js'
import { readConverseCounts } from './bedrock-usage.js'

/** Reads one event of a ConverseStream. Events that are not known are left out, as the API may gain some. */
export function readConverseEvent(type: string, event: JsonObject, answer: AnswerCollector): AnswerProblem {
  switch (type) {
    case 'contentBlockStart':
      return startBlock(blockIndex(event), event['start'], answer)
    case 'contentBlockDelta':
      return addDelta(blockIndex(event), event['delta'], answer)
    case 'contentBlockStop':
      answer.endBlock(blockIndex(event))
      return undefined
    case 'messageStop':
      answer.stop(asString(event['stopReason']) ?? '')
      return undefined
    case 'metadata':
      readMetadata(event, answer)
      return undefined
    default:
      return undefined
  }
}

/** Reads a whole answer of Converse. */
export function readConverseAnswer(json: JsonObject, answer: AnswerCollector): AnswerProblem {
  const message = isJsonObject(json['output']) ? json['output']['message'] : undefined
  const content = isJsonObject(message) ? message['content'] : undefined
  if (!Array.isArray(content)) return 'an answer without a message'
  const stopReason = asString(json['stopReason'])
  if (stopReason === undefined) return 'an answer without a stop reason'
  for (const [index, block] of content.entries()) {
    const problem = isJsonObject(block) ? addBlock(index, block, answer) : undefined
    if (problem !== undefined) return problem
  }
  answer.stop(stopReason)
  readMetadata(json, answer)
  return undefined
}

/** The number of the block an event belongs to; all events without one belong to the same block. */
function blockIndex(event: JsonObject): number {
  const index = event['contentBlockIndex']
  return typeof index === 'number' ? index : 0
}

function startBlock(block: number, start: unknown, answer: AnswerCollector): AnswerProblem {
  const toolUse = isJsonObject(start) ? start['toolUse'] : undefined
  if (!isJsonObject(toolUse)) return undefined
  return answer.startToolUse(block, asString(toolUse['toolUseId']), asString(toolUse['name']) ?? '')
}

function addDelta(block: number, delta: unknown, answer: AnswerCollector): AnswerProblem {
  if (!isJsonObject(delta)) return undefined
  const { text, reasoningContent, toolUse } = delta
  if (typeof text === 'string') answer.addText(text)
  if (isJsonObject(reasoningContent)) answer.addReasoning(asString(reasoningContent['text']) ?? '')
  if (!isJsonObject(toolUse)) return undefined
  return answer.addToolInput(block, asString(toolUse['input']) ?? '')
}

function addBlock(index: number, block: JsonObject, answer: AnswerCollector): AnswerProblem {
  const { text, reasoningContent, toolUse } = block
  if (typeof text === 'string') answer.addText(text)
  const reasoning = isJsonObject(reasoningContent) ? reasoningContent['reasoningText'] : undefined
  if (isJsonObject(reasoning)) answer.addReasoning(asString(reasoning['text']) ?? '')
  if (!isJsonObject(toolUse)) return undefined
  const problem =
    startBlock(index, { toolUse }, answer) ?? answer.addToolInput(index, JSON.stringify(toolUse['input'] ?? {}))
  answer.endBlock(index)
  return problem
}

function readMetadata(holder: JsonObject, answer: AnswerCollector): void {
  const { usage, trace } = holder
  if (isJsonObject(usage)) answer.addCounts(readConverseCounts(usage))
  const guardrail = isJsonObject(trace) ? trace['guardrail'] : undefined
  if (isJsonObject(guardrail)) addGuardrailReport(guardrail, answer)
}

/** What a guardrail found in the prompt and in the answer, where its trace is on. */
export function addGuardrailReport(guardrail: JsonObject, answer: AnswerCollector): void {
  for (const [member, target] of reportMembers) {
    const raw = guardrail[member]
    if (raw !== undefined)
      answer.addContentFilter({ type: 'content-filter', target, filtered: hasBlocked(raw, 0), raw })
  }
}

const reportMembers = [
  ['inputAssessment', 'prompt'],
  ['input', 'prompt'],
  ['outputAssessments', 'output'],
  ['outputs', 'output'],
] as const
/** Assessments are nested some six levels deep. */
const maxReportDepth = 16

/** Whether any policy blocked or masked something: its finding says so in `action`. */
function hasBlocked(report: unknown, depth: number): boolean {
  if (depth > maxReportDepth) return false
  if (Array.isArray(report)) return report.some((item) => hasBlocked(item, depth + 1))
  if (!isJsonObject(report)) return false
  if (report['action'] === 'BLOCKED' || report['action'] === 'ANONYMIZED') return true
  return Object.values(report).some((item) => hasBlocked(item, depth + 1))
}
