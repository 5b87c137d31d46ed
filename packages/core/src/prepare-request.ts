import {
  type AdapterRequest,
  type CodePlan,
  type OutputCleaner,
  planCodeCompletion,
  planCodeGeneration,
  type SamplingSettings,
} from '@duo-models/adapters'
import type { CodeCompletionRequest, CodeGenerationRequest, ModelRequest } from './model-request.js'

/** What one deployment is sent, and how its answer becomes the one the caller asked for. */
export interface PreparedRequest {
  readonly request: AdapterRequest
  /** Takes echoes, fences and stray sentinels out of the answer; absent where the answer is passed on as it is. */
  readonly createCleaner?: () => OutputCleaner
}

/** What a prompt depends on besides the request. */
export interface PromptTarget {
  readonly model: string
  readonly modelFamily: string | undefined
  readonly supportsRawPrompts: boolean
}

/** Turns what the caller wants into what a model of this kind must be sent. */
export function prepareRequest(request: ModelRequest, target: PromptTarget): PreparedRequest {
  const settings = samplingSettings(request)
  if (isCodeCompletion(request)) return prepareCodeCompletion(request, target, settings)
  if (isCodeGeneration(request)) return prepareCodeGeneration(request, settings)
  const { messages, tools, toolChoice, responseFormat } = request
  return { request: { kind: 'chat', messages, tools, toolChoice, responseFormat, ...settings } }
}

function prepareCodeCompletion(
  request: CodeCompletionRequest,
  target: PromptTarget,
  settings: SamplingSettings,
): PreparedRequest {
  const plan = planCodeCompletion({
    modelId: target.model,
    modelFamily: target.modelFamily,
    prefix: request.prefix,
    suffix: request.suffix ?? '',
    language: request.language,
    filePath: request.filePath,
    rawCompletion: target.supportsRawPrompts,
  })
  return fromPlan(plan, settings)
}

function prepareCodeGeneration(request: CodeGenerationRequest, settings: SamplingSettings): PreparedRequest {
  const { instruction, prefix, suffix, language, filePath } = request
  const plan = planCodeGeneration({ instruction, prefix, suffix, language, filePath })
  return fromPlan(plan, settings)
}

function fromPlan(plan: CodePlan, settings: SamplingSettings): PreparedRequest {
  const planned = plan.request.kind === 'completion' ? plan.request.platformOptions : undefined
  return {
    request: {
      ...settings,
      ...plan.request,
      stopSequences: join(plan.stopSequences, settings.stopSequences),
      platformOptions: planned === undefined ? settings.platformOptions : { ...planned, ...settings.platformOptions },
    },
    createCleaner: () => plan.createCleaner(),
  }
}

function samplingSettings(request: ModelRequest): SamplingSettings {
  const { maxOutputTokens, temperature, topP, stopSequences, seed, platformOptions } = request
  return { maxOutputTokens, temperature, topP, stopSequences, seed, platformOptions }
}

function join(ours: readonly string[], theirs: readonly string[] | undefined): readonly string[] {
  return theirs === undefined ? ours : [...new Set([...theirs, ...ours])]
}

function isCodeCompletion(request: ModelRequest): request is CodeCompletionRequest {
  return request.feature === 'code-completion' || request.feature === 'code_completions'
}

function isCodeGeneration(request: ModelRequest): request is CodeGenerationRequest {
  return request.feature === 'code-generation' || request.feature === 'code_generations'
}
