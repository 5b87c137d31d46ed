/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage

/** Instructions that hold for the whole conversation. Folded into the first user turn where a model takes no system role. */
export interface SystemMessage {
  readonly role: 'system'
  readonly content: string
}

/** What the person asked. */
export interface UserMessage {
  readonly role: 'user'
  readonly content: string
}

/** What the model answered before: text, tool calls, or both. */
export interface AssistantMessage {
  readonly role: 'assistant'
  readonly content?: string | undefined
  readonly toolCalls?: readonly ToolCall[] | undefined
}

/** What a tool gave back for one call of the turn before. */
export interface ToolMessage {
  readonly role: 'tool'
  /** The `id` of the {@link ToolCall} this answers. */
  readonly toolCallId: string
  readonly content: string
}

/** A call the model asks for. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  /** The arguments as the JSON text the model wrote; it may be invalid JSON, so parse it with care. */
  readonly arguments: string
}

/** A function the model may call. */
export interface Tool {
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of the arguments; left out, the tool takes none. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
}

/** Which tool the model must call: its choice, none, any, or one by name. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly tool: string }

/**
 * The form the answer must have. The server is asked to keep to it, and the answer is checked on this side whatever the
 * server did; one without the form is a `StructuredOutputInvalidError`. Not every platform takes every form: one it
 * cannot express is refused before anything is sent.
 */
export type ResponseFormat =
  | { readonly type: 'text' }
  /** Any JSON object. Ask for JSON in the prompt too. */
  | { readonly type: 'json-object' }
  /** JSON that fits a schema (drafts 4, 7, 2019-09 and 2020-12 by its `$schema`; default: 2020-12). */
  | {
      readonly type: 'json-schema'
      readonly name?: string | undefined
      readonly schema: Readonly<Record<string, unknown>>
    }
  /** Text that matches a regular expression from beginning to end, in the syntax of JavaScript's `u` flag. vLLM only. */
  | { readonly type: 'regex'; readonly pattern: string }
  /** One of these texts, letter by letter. vLLM only. */
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  /** Text of a context-free grammar in the server's dialect, such as GBNF. Not checked on this side. vLLM only. */
  | { readonly type: 'grammar'; readonly grammar: string }
