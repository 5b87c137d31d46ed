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
  /** The prompt as text, control tokens by their names. No BOS: the server adds it. */
  readonly prompt: string
  /**
   * The same prompt in pieces, for a server whose tokenizer does not recognise control tokens in text. Its texts
   * joined are `prompt`. An adapter that has no use for it leaves it alone.
   */
  readonly promptParts?: readonly PromptPart[] | undefined
}

/** A piece of a prompt: a control token, or text without any. */
export interface PromptPart {
  readonly text: string
  /** The id of the control token this piece is; absent for ordinary text. */
  readonly tokenId?: number | undefined
  /** Whether the text goes on in the middle of a line, so that no blank may be put before it. Default: `false`. */
  readonly isContinuation?: boolean | undefined
}
