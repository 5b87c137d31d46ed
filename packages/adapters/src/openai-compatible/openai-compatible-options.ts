import type { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'

/** What makes one server of the OpenAI format differ from another. Everything but `platform` has a default. */
export interface OpenAICompatibleAdapterOptions<Platform extends string = string> {
  /** The `platform` of the deployments it serves, such as `llama-cpp`. */
  readonly platform: Platform
  /**
   * Whether the server has `/completions`, and its tokenizer takes special tokens in a prompt for what they are. Then
   * fill-in-the-middle models are asked with their own tokens.
   * @default false
   */
  readonly supportsRawPrompts?: boolean | undefined
  /** The server's name for the most tokens to generate. @default 'max_tokens' */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens' | undefined
  /** `stream_options` of streamed requests; `false` sends none. @default { include_usage: true } */
  readonly streamOptions?: Readonly<Record<string, boolean>> | false | undefined
  /** Headers every request carries beside those of HTTP and the key. Put no secret here: nothing masks it. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Errors the server has words of its own for. The first that fits counts; the status decides where none does. */
  readonly errors?: readonly ServerErrorRule[] | undefined
}

/** One cause of a refusal: what it is known by, its error, and what to do. */
export interface ServerErrorRule {
  /** Its statuses. @default any */
  readonly statuses?: readonly number[] | undefined
  /** Looked for in the code, type and message of the error, joined by blanks. @default anything */
  readonly words?: RegExp | undefined
  /** Makes the error, such as `(options) => new ModelNotReadyError(options)`. */
  readonly create: (options: DuoModelErrorOptions) => DuoModelError
  /** What to do, as a sentence; it ends the error's message. */
  readonly advice: string
}
