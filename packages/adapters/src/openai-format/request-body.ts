import type { AdapterRequest, SamplingSettings } from '../adapter-request.js'
import type { Message, ResponseFormat, Tool, ToolChoice } from '../message.js'
import type { OpenAIChatBody, WireMessage, WireResponseFormat, WireTool, WireToolChoice } from './wire-body.js'

/** How one platform differs in what it is sent. */
export interface RequestBodyOptions {
  /** The name the endpoint answers to. */
  readonly model: string
  readonly stream: boolean
  /** The platform's name for the most tokens to generate. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /** Sent with a streamed request. */
  readonly streamOptions?: Readonly<Record<string, boolean>> | undefined
  /** What only this platform has a member for. */
  readonly platformMembers?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Makes the body of a `/chat/completions` or `/completions` request. What the request leaves out is not sent, and no
 * member that a server of the platform might not know.
 */
export function createRequestBody(request: AdapterRequest, options: RequestBodyOptions): string {
  const { platformMembers } = options
  const { platformOptions } = request
  const body = bodyMembers(request, options)
  if (platformMembers === undefined && platformOptions === undefined) return JSON.stringify(body)
  return JSON.stringify({ ...body, ...platformMembers, ...platformOptions })
}

/** The members of a body, with `undefined` for those that are not sent. */
type Written<Body> = { [Name in keyof Body]-?: Body[Name] | undefined }

/** Every member is written out, and JSON leaves out what is undefined: one object of one shape is the quickest to send. */
function bodyMembers(
  request: AdapterRequest,
  options: RequestBodyOptions,
): Written<OpenAIChatBody & { prompt?: string }> {
  const chat = request.kind === 'chat' ? request : undefined
  const isNewLimit = options.maxTokensField === 'max_completion_tokens'
  return {
    model: options.model,
    prompt: request.kind === 'completion' ? request.prompt : undefined,
    messages: chat?.messages.map(wireMessage),
    tools: chat?.tools && chat.tools.length > 0 ? chat.tools.map(wireTool) : undefined,
    tool_choice: chat?.toolChoice && wireToolChoice(chat.toolChoice),
    response_format: chat?.responseFormat && wireResponseFormat(chat.responseFormat),
    max_tokens: isNewLimit ? undefined : request.maxOutputTokens,
    max_completion_tokens: isNewLimit ? request.maxOutputTokens : undefined,
    temperature: request.temperature,
    top_p: request.topP,
    stop: stopMember(request),
    seed: request.seed,
    stream: options.stream || undefined,
    stream_options: options.stream ? options.streamOptions : undefined,
  }
}

function stopMember({ stopSequences }: SamplingSettings): string[] | undefined {
  return stopSequences && stopSequences.length > 0 ? [...stopSequences] : undefined
}

function wireMessage(message: Message): WireMessage {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  if (message.role !== 'assistant') return { role: message.role, content: message.content }
  const { content, toolCalls } = message
  if (!toolCalls || toolCalls.length === 0) return { role: 'assistant', content: content ?? '' }
  const calls = toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: text },
  }))
  return { role: 'assistant', content: content ?? null, tool_calls: calls }
}

function wireTool({ name, description, parameters }: Tool): WireTool {
  return {
    type: 'function',
    function: { name, ...(description !== undefined && { description }), ...(parameters && { parameters }) },
  }
}

function wireToolChoice(choice: ToolChoice): WireToolChoice {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.tool } }
}

/** Forms the OpenAI format has no member for are left to the platform. */
function wireResponseFormat(format: ResponseFormat): WireResponseFormat | undefined {
  if (format.type === 'text') return { type: 'text' }
  if (format.type === 'json-object') return { type: 'json_object' }
  if (format.type !== 'json-schema') return undefined
  return { type: 'json_schema', json_schema: { name: format.name ?? 'answer', schema: format.schema } }
}
