import type { ChatRequest } from '../adapter-request.js'
import type { Tool, ToolChoice } from '../message.js'
import type { AnswerForm } from './answer-form.js'
import { answerDescription, readArguments } from './converse-body.js'
import { addPlatformOptions } from './platform-options.js'
import type { RequestRefusal } from './request-refusal.js'
import { joinTurns, nonBlank, systemTexts, type TurnMessage } from './turns.js'

/** Anthropic's body has no default; this is the one GitLab gives Claude. */
const defaultMaxTokens = 4096

/** Makes the body with which Claude is asked through InvokeModel. */
export function createAnthropicBody(request: ChatRequest, form: AnswerForm, refusal: RequestRefusal): string {
  const { messages, maxOutputTokens = defaultMaxTokens, temperature, topP, stopSequences = [] } = request
  const system = systemTexts(messages)
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: maxOutputTokens,
    system: system.length > 0 ? system.join('\n\n') : undefined,
    messages: joinTurns(messages, (message) => contentBlocks(message, refusal)),
    temperature,
    top_p: topP,
    stop_sequences: stopSequences.length > 0 ? stopSequences : undefined,
    ...toolMembers(request, form),
    output_config:
      form.means === 'output-config' ? { format: { type: 'json_schema', schema: form.schema } } : undefined,
  }
  return JSON.stringify(addPlatformOptions(body, request.platformOptions))
}

type Block = Readonly<Record<string, unknown>>

function contentBlocks(message: TurnMessage, refusal: RequestRefusal): Block[] {
  if (message.role === 'user') return [{ type: 'text', text: message.content }]
  if (message.role === 'tool')
    return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.content }]
  const { content, toolCalls = [] } = message
  const text = nonBlank(content).map((each) => ({ type: 'text', text: each }))
  const calls = toolCalls.map(({ id, name, arguments: json }) => ({
    type: 'tool_use',
    id,
    name,
    input: readArguments(name, json, refusal),
  }))
  return [...text, ...calls]
}

function toolMembers({ tools = [], toolChoice }: ChatRequest, form: AnswerForm): Block {
  const offered = tools.map(anthropicTool)
  if (form.means === 'forced-tool') {
    const answer = anthropicTool({ name: form.name, description: answerDescription, parameters: form.schema })
    const others = toolChoice === 'none' ? [] : offered
    const choice = others.length > 0 ? { type: 'any' } : { type: 'tool', name: form.name }
    return { tools: [...others, answer], tool_choice: choice }
  }
  if (offered.length === 0) return {}
  return { tools: offered, tool_choice: toolChoice && anthropicToolChoice(toolChoice) }
}

function anthropicTool({ name, description, parameters = { type: 'object', properties: {} } }: Tool): Block {
  return { name, description, input_schema: parameters }
}

function anthropicToolChoice(choice: ToolChoice): Block {
  if (typeof choice === 'object') return { type: 'tool', name: choice.tool }
  return { type: choice === 'required' ? 'any' : choice }
}
