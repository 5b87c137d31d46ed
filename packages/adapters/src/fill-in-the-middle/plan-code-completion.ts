import { breakSentinels } from './break-sentinels.js'
import type { CodePlan } from './code-plan.js'
import type { FillInTheMiddleFamily } from './family.js'
import { findFillInTheMiddleFamily, normalizeModelName } from './find-family.js'
import { planInstructCompletion } from './instruct-completion.js'
import { createStopCleaner } from './stop-cleaner.js'

/** What is to be completed, and by which model. */
export interface CodeCompletionInput {
  /** The model's id in the catalog, or its Hugging Face id. */
  readonly modelId?: string | undefined
  /** GitLab's family key (`codestral`, `codegemma`, …); looked at where `modelId` alone does not decide. */
  readonly modelFamily?: string | undefined
  /** The text before the cursor. */
  readonly prefix: string
  /** The text after the cursor. Default: none. */
  readonly suffix?: string | undefined
  /** The programming language, for models that are asked in words. */
  readonly language?: string | undefined
  /** The file's path in its project, for models that are asked in words. */
  readonly filePath?: string | undefined
  /** Whether the platform takes a raw prompt. Without it every model is asked in words. */
  readonly rawCompletion: boolean
}

/**
 * Plans how to ask a model for the code between `prefix` and `suffix`: with its fill-in-the-middle tokens where the
 * model has them and the platform takes a raw prompt, and in words otherwise.
 */
export function planCodeCompletion(input: CodeCompletionInput): CodePlan {
  const model = input.rawCompletion ? decidingName(input) : ''
  const family = findFillInTheMiddleFamily(model)
  return family ? planFillInTheMiddle(family, model, input) : planInstructCompletion(input)
}

/** A known model decides for itself: its family may have members that were not trained for it. */
function decidingName({ modelId, modelFamily }: CodeCompletionInput): string {
  return modelId !== undefined && modelId !== '' ? modelId : (modelFamily ?? '')
}

function planFillInTheMiddle(family: FillInTheMiddleFamily, model: string, input: CodeCompletionInput): CodePlan {
  const safePrefix = breakSentinels(input.prefix, family.sentinels)
  const safeSuffix = breakSentinels(input.suffix ?? '', family.sentinels)
  const promptParts = family.promptParts?.(safePrefix, safeSuffix, normalizeModelName(model))
  return {
    request: {
      kind: 'completion',
      prompt: family.prompt(safePrefix, safeSuffix),
      ...(promptParts && { promptParts }),
      ...(family.stopTokenIds && { platformOptions: { stop_token_ids: family.stopTokenIds } }),
    },
    stopSequences: family.stopSequences,
    createCleaner: () => createStopCleaner(family.stopSequences),
  }
}
