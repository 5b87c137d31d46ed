/** The body of a `/chat/completions` request, as far as this package writes it. */
export interface OpenAIChatBody {
  model: string
  messages: WireMessage[]
  tools?: WireTool[]
  tool_choice?: WireToolChoice
  response_format?: WireResponseFormat
  max_tokens?: number
  max_completion_tokens?: number
  temperature?: number
  top_p?: number
  stop?: string[]
  seed?: number
  stream?: true
  stream_options?: Readonly<Record<string, boolean>>
}

/** One turn of a conversation. */
export type WireMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: WireToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string }

/** A call the model asked for. */
interface WireToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

/** A function the model may call. */
export interface WireTool {
  type: 'function'
  function: { name: string; description?: string; parameters?: Record<string, unknown> }
}

/** Which tool the model must call. */
export type WireToolChoice = 'auto' | 'none' | 'required' | { type: 'function'; function: { name: string } }

/** The form the answer must have. */
export type WireResponseFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | { type: 'json_schema'; json_schema: { name: string; schema: Record<string, unknown> } }
