import type { Message, ResponseFormat, SamplingSettings, Tool, ToolChoice } from '@duo-models/adapters'
import type { FeatureId } from '@duo-models/rules'

/** One request, whichever platform serves it: complete code, generate code, or continue a conversation. */
export type ModelRequest = CodeCompletionRequest | CodeGenerationRequest | ConversationRequest

/** What all three kinds may say. */
export interface RequestSettings extends SamplingSettings {
  /**
   * The deployment to use, by its name in the configuration.
   * @default the deployments `features` lists for the feature, in their order
   */
  readonly deployment?: string | undefined
  /** What the request belongs to. It stays on this side. */
  readonly metadata?: RequestMetadata | undefined
}

/** What a request belongs to, in words of the caller's own; never sent to a server. */
export interface RequestMetadata {
  /** Requests of one conversation go to the replica that has its beginning in the cache. */
  readonly conversation?: string | undefined
  /** Requests about one repository share context at their start; used where the conversation is not known. */
  readonly repository?: string | undefined
}

/** Completes the code between what stands before the cursor and what stands after it. */
export interface CodeCompletionRequest extends RequestSettings {
  readonly feature: 'code-completion' | 'code_completions'
  /** The file up to the cursor. */
  readonly prefix: string
  /**
   * The file after the cursor.
   * @default ''
   */
  readonly suffix?: string | undefined
  /** The programming language, as an editor names it (`python`, `typescript`). */
  readonly language?: string | undefined
  /** The file's path in its repository. */
  readonly filePath?: string | undefined
}

/** Writes code from an instruction, at the cursor of a file where one is given. */
export interface CodeGenerationRequest extends RequestSettings {
  readonly feature: 'code-generation' | 'code_generations'
  /** What to write, in words. */
  readonly instruction: string
  /** The file up to the cursor. */
  readonly prefix?: string | undefined
  /** The file after the cursor. */
  readonly suffix?: string | undefined
  /** The programming language, as an editor names it (`python`, `typescript`). */
  readonly language?: string | undefined
  /** The file's path in its repository. */
  readonly filePath?: string | undefined
}

/** Continues a conversation: Duo Chat and every feature built on it. */
export interface ConversationRequest extends RequestSettings {
  readonly feature: Exclude<FeatureId, 'code-completion' | 'code_completions' | 'code-generation' | 'code_generations'>
  /** The conversation so far, oldest first; the last one is what the model answers. */
  readonly messages: readonly Message[]
  /** Functions the model may call. */
  readonly tools?: readonly Tool[] | undefined
  /** @default 'auto' where there are tools */
  readonly toolChoice?: ToolChoice | undefined
  /** @default { type: 'text' } */
  readonly responseFormat?: ResponseFormat | undefined
}
