import type { BedrockModel } from './bedrock-model.js'
import { validationError } from './bedrock-request-error.js'

/** The limit a request sets, checked against the model's; without one, the model's. */
export function outputLimit(requested: number | undefined, { maxOutputTokens }: BedrockModel): number {
  if (requested === undefined || requested <= maxOutputTokens) return requested ?? maxOutputTokens
  throw validationError(
    `The maximum tokens you requested exceeds the model limit of ${maxOutputTokens}. Try again with a maximum tokens value that is lower than ${maxOutputTokens}.`,
  )
}

/** How many tokens may follow a prompt, or the exception for a prompt that leaves no room. */
export function outputRoom(promptTokens: number, limit: number, { contextWindow }: BedrockModel): number {
  if (promptTokens >= contextWindow) throw validationError('Input is too long for requested model.')
  return Math.min(limit, contextWindow - promptTokens)
}
