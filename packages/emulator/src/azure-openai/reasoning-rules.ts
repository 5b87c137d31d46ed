import { type ApiVersion, hasFeature } from './api-version.js'
import type { AzureDeployment } from './azure-openai-server-state.js'
import { invalidRequest, platformError } from './azure-request-error.js'
import { type BodyReader, unrecognized } from './body-reader.js'

/** What models that reason do not take at all, and what they take as their default only. */
const unsupported = [
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'logprobs',
  'top_logprobs',
  'logit_bias',
] as const
const fixedTemperature = 1
const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const

/** About how many tokens a model thinks for, by `reasoning_effort`. */
const reasoningTokens: Readonly<Record<(typeof efforts)[number], number>> = {
  none: 0,
  minimal: 0,
  low: 16,
  medium: 64,
  high: 256,
  xhigh: 512,
}

/** Reads the limit of the output, and how many tokens of it are spent on reasoning, with the rules for the kind of model. */
export function readReasoning(
  reader: BodyReader,
  deployment: AzureDeployment,
  version: ApiVersion,
): { readonly limit: number | undefined; readonly reasoningTokens: number } {
  const newLimit = reader.integer('max_completion_tokens', 1)
  if (newLimit !== undefined && !hasFeature(version, 'maxCompletionTokens'))
    throw unrecognized(['max_completion_tokens'])
  const oldLimit = reader.integer('max_tokens', 1)
  const effort = reader.string('reasoning_effort')
  if (!deployment.reasons) {
    if (effort !== undefined) throw unrecognized(['reasoning_effort'])
    return { limit: newLimit ?? oldLimit, reasoningTokens: 0 }
  }
  // Azure does not fill in the name.
  if (!hasFeature(version, 'reasoningModels'))
    throw platformError(
      400,
      'BadRequest',
      'Model {modelName} is enabled only for api versions 2024-12-01-preview and later',
    )
  if (oldLimit !== undefined) {
    throw invalidRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    )
  }
  checkSampling(reader)
  return { limit: newLimit, reasoningTokens: reasoningTokens[readEffort(effort)] }
}

function checkSampling(reader: BodyReader): void {
  const temperature = reader.value('temperature')
  if (temperature !== undefined && temperature !== fixedTemperature) {
    throw invalidRequest(
      `Unsupported value: 'temperature' does not support ${String(temperature)} with this model. Only the default (1) value is supported.`,
      'temperature',
      'unsupported_value',
    )
  }
  const refused = unsupported.find((key) => reader.value(key) !== undefined)
  if (refused === undefined) return
  throw invalidRequest(
    `Unsupported parameter: '${refused}' is not supported with this model.`,
    refused,
    'unsupported_parameter',
  )
}

function readEffort(effort: string | undefined): (typeof efforts)[number] {
  const known = efforts.find((name) => name === (effort ?? 'medium'))
  if (known !== undefined) return known
  throw invalidRequest(
    `Invalid value: '${effort?.slice(0, 100)}'. Supported values are: ${efforts.map((name) => `'${name}'`).join(', ')}.`,
    'reasoning_effort',
    'invalid_value',
  )
}
