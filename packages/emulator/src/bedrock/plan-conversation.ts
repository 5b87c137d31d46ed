import type { EmulatedAnswer } from '../answer.js'
import { answerFor } from '../output/answer-for.js'
import { type OutputPlan, planOutput, simpleLimits } from '../output/output-plan.js'
import { toolCall } from '../output/tool-use.js'
import { createRandom } from '../random.js'
import { chatAnswer } from '../text/chat-answer.js'
import { type AppliedGuardrail, assess, blockedMessage } from './applied-guardrail.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import type { Conversation } from './conversation.js'
import type { PlannedAnswer } from './planned-answer.js'

const noUsage = { inputTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 }
const intervened = 'guardrail_intervened'

/** Decides the answer to a conversation. */
export async function planConversation(conversation: Conversation, state: BedrockServerState): Promise<PlannedAnswer> {
  const { guardrail, model } = conversation
  const blocked = guardrail && assess(guardrail, conversation.assessedText)
  if (guardrail && blocked) {
    // The model is not asked, so nothing is charged.
    const plan = planMessage(blockedMessage(guardrail, 'input'))
    const intervention = { side: 'input', assessment: blocked } as const
    return { plan, stopReason: intervened, stopSequence: null, promptUsage: noUsage, outputTokens: 0, intervention }
  }
  const answer = await askForAnswer(conversation, state)
  const promptUsage = state.promptCache.account(
    model.id,
    conversation.cachePoints,
    conversation.promptTokens,
    state.clock().getTime(),
  )
  const planned = planOutput(answer, simpleLimits(conversation.maxTokens, conversation.stopSequences))
  return guardOutput({ answer, planned, guardrail }, promptUsage)
}

interface UnguardedAnswer {
  readonly answer: EmulatedAnswer
  readonly planned: OutputPlan
  readonly guardrail: AppliedGuardrail | undefined
}

function guardOutput(
  { answer, planned, guardrail }: UnguardedAnswer,
  promptUsage: PlannedAnswer['promptUsage'],
): PlannedAnswer {
  const outputTokens = planned.pieces.length
  const assessment = guardrail && assess(guardrail, answer.text)
  if (guardrail && assessment) {
    const plan = planMessage(blockedMessage(guardrail, 'output'))
    const intervention = { side: 'output', assessment } as const
    return { plan, stopReason: intervened, stopSequence: null, promptUsage, outputTokens, intervention }
  }
  const stopSequence = typeof planned.stopReason === 'string' ? planned.stopReason : null
  const stopReason = stopSequence === null ? bedrockStopReason(planned.finishReason) : 'stop_sequence'
  return { plan: planned, stopReason, stopSequence, promptUsage, outputTokens, intervention: undefined }
}

function planMessage(text: string): OutputPlan {
  return planOutput({ text }, simpleLimits(Number.MAX_SAFE_INTEGER, []))
}

/** The plan speaks OpenAI's language; whatever a `respond` function names itself passes as it is. */
function bedrockStopReason(finishReason: string): string {
  switch (finishReason) {
    case 'stop':
      return 'end_turn'
    case 'length':
      return 'max_tokens'
    case 'tool_calls':
      return 'tool_use'
    default:
      return finishReason
  }
}

function askForAnswer(conversation: Conversation, state: BedrockServerState): Promise<EmulatedAnswer> {
  const { modelId, prompt, body } = conversation
  const told = { endpoint: 'chat', model: modelId, prompt, body, sample: 0 } as const
  return answerFor(state.respond, told, () => ownAnswer(conversation, state))
}

function ownAnswer({ prompt, messages, tools, thinks }: Conversation, { seed }: BedrockServerState): EmulatedAnswer {
  const random = createRandom(seed, prompt)
  const reasoning = thinks ? 'Fixed rules pick the answer; the emulator only pretends to think about it.' : undefined
  const call = toolCall(tools, messages, random)
  if (call !== undefined) return { text: '', reasoning, toolCalls: [call] }
  const question = messages.findLast(({ role }) => role === 'user')?.text ?? messages.at(-1)?.text ?? ''
  return { text: chatAnswer(question, random), reasoning }
}
