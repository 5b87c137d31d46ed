import { type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { ToolUse } from '../output/tool-use.js'
import type { BedrockModel } from './bedrock-model.js'
import { type BedrockRequestError, malformedInput, validationError } from './bedrock-request-error.js'
import { integerAt, stringAt } from './json-fields.js'

/** The rest of a request that thinking has rules about. */
export interface ThinkingContext {
  readonly model: BedrockModel
  readonly maxTokens: number
  readonly temperature: JsonValue | undefined
  readonly tools: ToolUse
  /** What Converse puts before a complaint of the model's provider; empty for InvokeModel. */
  readonly prefix: string
}

const leastBudget = 1_024

/** Whether a request asks Claude to think, or the exception for one that may not. */
export function readThinking(thinking: JsonObject | undefined, context: ThinkingContext): boolean {
  if (thinking === undefined) return false
  if (!context.model.thinks) throw malformedInput('#: extraneous key [thinking] is not permitted')
  const type = stringAt(thinking, 'type')
  if (type === 'disabled') return false
  if (type === 'enabled') checkBudget(thinking, context)
  else if (type !== 'adaptive') throw complaint(context, "thinking.type: Input should be 'enabled' or 'disabled'")
  const { temperature, tools } = context
  if (temperature !== undefined && temperature !== 1) {
    throw complaint(context, '`temperature` may only be set to 1 when thinking is enabled.')
  }
  if (tools.choice === 'required' || tools.choice === 'named') {
    throw complaint(context, 'Thinking may not be enabled when tool_choice forces tool use.')
  }
  return true
}

function checkBudget(thinking: JsonObject, context: ThinkingContext): void {
  if ((ownValue(thinking, 'budget_tokens') ?? null) === null) {
    throw complaint(context, 'thinking.enabled.budget_tokens: Field required')
  }
  const budget = integerAt(thinking, 'budget_tokens') ?? 0
  if (budget < leastBudget) {
    const rule = `Input should be greater than or equal to ${leastBudget}`
    throw complaint(context, `thinking.enabled.budget_tokens: ${rule}`)
  }
  if (context.maxTokens <= budget)
    throw complaint(context, '`max_tokens` must be greater than `thinking.budget_tokens`.')
}

function complaint({ prefix }: ThinkingContext, message: string): BedrockRequestError {
  return validationError(prefix + message)
}
