import type { JsonObject, JsonValue } from './json.js'

/** One call of a function, as a model would ask for it. */
export interface EmulatedToolCall {
  /** The name of the function. */
  readonly name: string
  /** Its arguments: JSON text, which is sent as it is, or a value that is turned into JSON text. */
  readonly arguments: string | JsonObject
}

/** What the emulator answers to one request. */
export interface EmulatedAnswer {
  /** The visible text. */
  readonly text: string
  /** Reasoning before the text. Sent apart from it by versions that do so, in front of it by older ones. */
  readonly reasoning?: string | undefined
  /** Functions to call, after the text. Sent for chat only. */
  readonly toolCalls?: readonly EmulatedToolCall[] | undefined
  /** The wire's finish reason; default: `stop`, or `tool_calls` if there are tool calls. A stop string or limit wins. */
  readonly finishReason?: string | undefined
}

/** What a {@link Respond} function is told about the request. */
export interface RespondRequest {
  readonly endpoint: 'chat' | 'completions'
  /** The model name in the request. */
  readonly model: string
  /** The whole prompt as the model would see it; for chat, with the chat template applied. */
  readonly prompt: string
  /** The request body. */
  readonly body: { readonly [key: string]: JsonValue | undefined }
  /** Which of the `n` samples is wanted, from 0. */
  readonly sample: number
}

/** Decides the text of answers: a string, or an {@link EmulatedAnswer}; may be asynchronous. */
export type Respond = (request: RespondRequest) => string | EmulatedAnswer | Promise<string | EmulatedAnswer>
