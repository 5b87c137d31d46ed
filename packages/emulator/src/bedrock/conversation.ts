import type { JsonObject } from '../json.js'
import type { ToolUse } from '../output/tool-use.js'
import type { AppliedGuardrail } from './applied-guardrail.js'
import type { BedrockModel } from './bedrock-model.js'
import type { CachePoint } from './prompt-cache.js'

/** A conversation that has passed every check, whichever operation it came by. */
export interface Conversation {
  readonly model: BedrockModel
  /** The model id in the request. */
  readonly modelId: string
  readonly body: JsonObject
  /** Text of the turns; a turn that brings results of tools has the role `tool`. */
  readonly messages: readonly { readonly role: string; readonly text: string }[]
  readonly prompt: string
  readonly promptTokens: number
  readonly cachePoints: readonly CachePoint[]
  readonly tools: ToolUse
  /** Most tokens to generate. */
  readonly maxTokens: number
  readonly stopSequences: readonly string[]
  /** Whether the request asks for reasoning. */
  readonly thinks: boolean
  readonly guardrail: AppliedGuardrail | undefined
  /** What a guardrail looks at in the prompt. */
  readonly assessedText: string
}
