import type { OutputPlan } from '../output/output-plan.js'
import type { GuardrailAssessment } from './applied-guardrail.js'
import type { CachedPrompt } from './prompt-cache.js'

/** An answer decided in advance: what is said, why it ends and what it costs. */
export interface PlannedAnswer {
  readonly plan: OutputPlan
  /** In Bedrock's words: `end_turn`, `max_tokens`, `stop_sequence`, `tool_use`, `guardrail_intervened`, … */
  readonly stopReason: string
  /** The stop sequence that ended the output. */
  readonly stopSequence: string | null
  readonly promptUsage: CachedPrompt
  readonly outputTokens: number
  /** What a guardrail found, and on which side. */
  readonly intervention: { readonly side: 'input' | 'output'; readonly assessment: GuardrailAssessment } | undefined
}
