import { parseJson } from '../json.js'
import type { ContentBlock } from './content-block.js'
import type { Conversation } from './conversation.js'
import type { PlannedAnswer } from './planned-answer.js'

/** The body of Converse. */
export function converseResponse(
  conversation: Conversation,
  answer: PlannedAnswer,
  blocks: readonly ContentBlock[],
  latencyMs: number,
): object {
  return {
    ...answerMembers(conversation, answer),
    ...closingMembers(conversation, answer, latencyMs),
    output: { message: { content: blocks.map(contentBlock), role: 'assistant' } },
  }
}

/** Why an answer ended; in a stream, the payload of `messageStop`. */
export function answerMembers({ body }: Conversation, { stopReason, stopSequence }: PlannedAnswer): object {
  const paths = body['additionalModelResponseFieldPaths']
  const wantsSequence = Array.isArray(paths) && paths.includes('/stop_sequence')
  return {
    stopReason,
    ...(wantsSequence ? { additionalModelResponseFields: { stop_sequence: stopSequence } } : {}),
  }
}

/** What an answer cost; in a stream, the payload of `metadata`. */
export function closingMembers(conversation: Conversation, answer: PlannedAnswer, latencyMs: number): object {
  const performance = conversation.body['performanceConfig']
  return {
    metrics: { latencyMs },
    usage: usage(conversation, answer),
    ...(performance === undefined ? {} : { performanceConfig: performance }),
    ...trace(conversation, answer),
  }
}

function usage({ model }: Conversation, { promptUsage, outputTokens }: PlannedAnswer): object {
  const { inputTokens, cacheReadInputTokens, cacheWriteInputTokens } = promptUsage
  return {
    inputTokens,
    outputTokens,
    serverToolUsage: {},
    totalTokens: inputTokens + cacheReadInputTokens + cacheWriteInputTokens + outputTokens,
    ...(model.caches ? { cacheReadInputTokens, cacheWriteInputTokens } : {}),
  }
}

function trace({ guardrail }: Conversation, { intervention }: PlannedAnswer): object {
  if (guardrail === undefined || intervention === undefined || !guardrail.traced) return {}
  const { identifier } = guardrail
  const { side, assessment } = intervention
  const found =
    side === 'input'
      ? { inputAssessment: { [identifier]: assessment } }
      : { outputAssessments: { [identifier]: [assessment] } }
  return { trace: { guardrail: found } }
}

function contentBlock(block: ContentBlock): object {
  switch (block.kind) {
    case 'reasoning':
      return { reasoningContent: { reasoningText: { signature: block.signature, text: block.text } } }
    case 'text':
      return { text: block.text }
    case 'tool-use':
      // Arguments that a limit has cut are no JSON any more.
      return { toolUse: { input: parseJson(block.input) ?? {}, name: block.name, toolUseId: block.id } }
  }
}
