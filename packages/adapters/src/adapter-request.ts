import type { Message, ResponseFormat, Tool, ToolChoice } from './message.js'

/** What an adapter is asked to send: a conversation, or a raw prompt that the model continues. */
export type AdapterRequest = ChatRequest | CompletionRequest

/** Settings both kinds of request share. What is left out is left to the server. */
export interface SamplingSettings {
  /** Most tokens to generate. */
  readonly maxOutputTokens?: number | undefined
  /** 0 is deterministic; the upper bound is the platform's. */
  readonly temperature?: number | undefined
  /** Nucleus sampling, above 0 and at most 1. */
  readonly topP?: number | undefined
  /** Strings that end the output; they are not part of it. */
  readonly stopSequences?: readonly string[] | undefined
  /** Same seed, same answer, where the server supports it. */
  readonly seed?: number | undefined
  /** Members added to the request body as they are, in the platform's own spelling. They win over everything above. */
  readonly platformOptions?: Readonly<Record<string, unknown>> | undefined
}

/** A conversation to be continued by the assistant. */
export interface ChatRequest extends SamplingSettings {
  readonly kind: 'chat'
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[] | undefined
  readonly toolChoice?: ToolChoice | undefined
  readonly responseFormat?: ResponseFormat | undefined
}

/** A raw prompt, special tokens included: fill-in-the-middle, and nothing a chat template may touch. */
export interface CompletionRequest extends SamplingSettings {
  readonly kind: 'completion'
  readonly prompt: string
}
