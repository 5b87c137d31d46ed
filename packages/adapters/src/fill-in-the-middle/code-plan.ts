import type { PromptPart } from '../adapter-request.js'
import type { Message } from '../message.js'
import type { OutputCleaner } from './output-cleaner.js'

/** How to ask one model for code: what to send, where to stop, and how to clean what comes back. */
export interface CodePlan {
  /** The part of the request that depends on the model; sampling settings are added to it. */
  readonly request: PlannedRequest
  /** Strings that end the output, beside the caller's own. */
  readonly stopSequences: readonly string[]
  /** Makes the cleaner of one answer. Every attempt needs its own. */
  createCleaner(): OutputCleaner
}

/** A raw prompt for models with fill-in-the-middle tokens, a conversation for all others. */
export type PlannedRequest = PlannedCompletion | PlannedChat

/** A raw prompt, special tokens included. */
export interface PlannedCompletion {
  readonly kind: 'completion'
  readonly prompt: string
  /** The prompt in pieces, where the ids of the model's control tokens are known. */
  readonly promptParts?: readonly PromptPart[]
  /** Members of the request in vLLM's spelling, such as `stop_token_ids`. */
  readonly platformOptions?: Readonly<Record<string, unknown>>
}

/** A conversation that ends with the instruction. */
export interface PlannedChat {
  readonly kind: 'chat'
  readonly messages: readonly Message[]
}
