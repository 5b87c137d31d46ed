import type {
  ContentBlock,
  ConverseCommandInput,
  ConverseStreamCommandInput,
  OutputConfig,
  ToolConfiguration,
  ToolInputSchema,
  ToolUseBlock,
} from '@aws-sdk/client-bedrock-runtime'
import type { ChatRequest } from '../adapter-request.js'
import type { Message, Tool, ToolCall, ToolChoice } from '../message.js'
import { isJsonObject, parseJson } from '../openai-format/json.js'
import type { AnswerForm } from './answer-form.js'
import type { BedrockGuardrail } from './bedrock-options.js'
import { addPlatformOptions } from './platform-options.js'
import type { RequestRefusal } from './request-refusal.js'
import { joinTurns, nonBlank, systemTexts, type TurnMessage } from './turns.js'

/** What a body depends on beside the request. */
export interface ConverseBodyOptions {
  readonly form: AnswerForm
  readonly guardrail: BedrockGuardrail | undefined
  readonly stream: boolean
  readonly refusal: RequestRefusal
}

/** The members of a body of Converse; the SDK's types keep their names and shapes honest. */
type ConverseBody = Omit<ConverseStreamCommandInput, 'modelId'>
/** JSON as the SDK's types call it. */
type JsonDocument = NonNullable<ToolUseBlock['input']>

/** Complete by its type: a member that the API gains, or loses, is an error here. */
const knownMembers: Readonly<Record<Exclude<keyof ConverseCommandInput, 'modelId'>, true>> = {
  messages: true,
  system: true,
  inferenceConfig: true,
  toolConfig: true,
  guardrailConfig: true,
  additionalModelRequestFields: true,
  promptVariables: true,
  additionalModelResponseFieldPaths: true,
  requestMetadata: true,
  performanceConfig: true,
  serviceTier: true,
  outputConfig: true,
}

/** Makes the body of a Converse or ConverseStream request. What the request leaves out is not sent. */
export function createConverseBody(request: ChatRequest, options: ConverseBodyOptions): string {
  const { messages, maxOutputTokens: maxTokens, temperature, topP, stopSequences } = request
  const { form, guardrail, stream, refusal } = options
  checkPlatformOptions(request, refusal)
  const system = systemTexts(messages)
  const stop = stopSequences && stopSequences.length > 0 ? [...stopSequences] : undefined
  const body = {
    messages: joinTurns(messages, (message) => contentBlocks(message, refusal)),
    system: system.length > 0 ? system.map((text) => ({ text })) : undefined,
    inferenceConfig: hasAny(maxTokens, temperature, topP, stop)
      ? { maxTokens, temperature, topP, stopSequences: stop }
      : undefined,
    toolConfig: toolConfig(request, form, refusal),
    outputConfig: outputConfig(form),
    guardrailConfig: guardrail && guardrailConfig(guardrail, stream),
  } satisfies ConverseBody
  return JSON.stringify(addPlatformOptions(body, request.platformOptions))
}

function hasAny(...values: readonly unknown[]): boolean {
  return values.some((value) => value !== undefined)
}

/** Bedrock ignores members it does not know, so that a parameter of the model in the wrong place would have no effect. */
function checkPlatformOptions({ platformOptions = {} }: ChatRequest, refusal: RequestRefusal): void {
  const unknown = Object.keys(platformOptions).find((name) => !Object.hasOwn(knownMembers, name))
  if (unknown === undefined) return
  const advice = /logprobs/i.test(unknown)
    ? 'No model on Amazon Bedrock gives log probabilities of tokens through Converse.'
    : `Converse has no member '${unknown}' and would ignore it. Parameters of the model itself go into 'additionalModelRequestFields'.`
  refusal.parameter(unknown, advice)
}

function contentBlocks(message: TurnMessage, refusal: RequestRefusal): ContentBlock[] {
  if (message.role === 'user') return [{ text: message.content }]
  if (message.role === 'tool') return [toolResult(message.toolCallId, message.content)]
  const { content, toolCalls = [] } = message
  const text = nonBlank(content).map((each): ContentBlock => ({ text: each }))
  return [...text, ...toolCalls.map((call): ContentBlock => ({ toolUse: toolUse(call, refusal) }))]
}

function toolResult(toolUseId: string, content: string): ContentBlock {
  return { toolResult: { toolUseId, content: nonBlank(content).map((text) => ({ text })) } }
}

function toolUse({ id, name, arguments: text }: ToolCall, refusal: RequestRefusal): ToolUseBlock {
  return { toolUseId: id, name, input: asDocument(readArguments(name, text, refusal)) }
}

/**
 * The arguments of a call as the object Bedrock wants. Some models write nothing for a tool without parameters.
 */
export function readArguments(name: string, text: string, refusal: RequestRefusal): Readonly<Record<string, unknown>> {
  const value = text.trim() === '' ? {} : parseJson(text)
  if (isJsonObject(value)) return value
  return refusal.request(
    `The arguments of the call of '${name}' in 'messages' are no JSON object, and Amazon Bedrock takes nothing else. Send the call as the model wrote it, or leave it out together with its result.`,
  )
}

function asDocument(value: Readonly<Record<string, unknown>>): JsonDocument {
  return value as JsonDocument
}

function toolConfig(request: ChatRequest, form: AnswerForm, refusal: RequestRefusal): ToolConfiguration | undefined {
  const { tools = [], toolChoice, messages } = request
  if (toolChoice === 'none') checkNoToolHistory(messages, refusal)
  const offered = toolChoice === 'none' ? [] : tools.map(toolSpec)
  if (form.means === 'forced-tool') {
    const answer = toolSpec({ name: form.name, description: answerDescription, parameters: form.schema })
    const choice = offered.length > 0 ? { any: {} } : { tool: { name: form.name } }
    return { tools: [...offered, answer], toolChoice: choice }
  }
  if (offered.length === 0) return undefined
  return { tools: offered, toolChoice: toolChoice && converseToolChoice(toolChoice) }
}

/** What the tool is for whose arguments are the answer. */
export const answerDescription = 'Gives the final answer to the user. Call it once, with the whole answer.'

/** With calls in the conversation Bedrock demands the tools, and has no word that forbids another call. */
function checkNoToolHistory(messages: readonly Message[], refusal: RequestRefusal): void {
  const hasHistory = messages.some((message) => message.role === 'tool' || hasToolCalls(message))
  if (!hasHistory) return
  refusal.parameter(
    'toolChoice',
    "Converse cannot forbid tool calls in a conversation that holds some. Leave 'toolChoice' out and ask in words for an answer without tools, or leave the calls out of 'messages'.",
  )
}

function hasToolCalls(message: Message): boolean {
  return message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0
}

function toolSpec({ name, description, parameters = { type: 'object', properties: {} } }: Tool) {
  const json = asDocument(parameters)
  return { toolSpec: { name, description, inputSchema: { json } satisfies ToolInputSchema } }
}

function converseToolChoice(choice: ToolChoice): ToolConfiguration['toolChoice'] {
  if (choice === 'auto') return { auto: {} }
  if (choice === 'required') return { any: {} }
  return typeof choice === 'object' ? { tool: { name: choice.tool } } : undefined
}

function outputConfig(form: AnswerForm): OutputConfig | undefined {
  if (form.means !== 'output-config') return undefined
  const jsonSchema = { name: form.name, schema: JSON.stringify(form.schema) }
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } }
}

function guardrailConfig(guardrail: BedrockGuardrail, stream: boolean): ConverseBody['guardrailConfig'] {
  const { guardrailIdentifier, guardrailVersion, trace, streamProcessingMode } = guardrail
  return {
    guardrailIdentifier,
    guardrailVersion,
    trace: trace as NonNullable<ConverseBody['guardrailConfig']>['trace'],
    streamProcessingMode: stream
      ? (streamProcessingMode as NonNullable<ConverseBody['guardrailConfig']>['streamProcessingMode'])
      : undefined,
  }
}
