import type { AdapterRequest, ChatRequest } from '../adapter-request.js'
import type { Message } from '../message.js'
import { foldSystemMessages } from '../openai-format/fold-system-messages.js'
import { type AnswerForm, chooseAnswerForm } from './answer-form.js'
import { createAnthropicBody } from './anthropic-body.js'
import type { BedrockOperation } from './bedrock-endpoint.js'
import type { BedrockModel } from './bedrock-model.js'
import type { BedrockGuardrail, BedrockOptions } from './bedrock-options.js'
import { createConverseBody } from './converse-body.js'
import { createMistralBody } from './mistral-body.js'
import type { RequestRefusal } from './request-refusal.js'

/** A request as it will be sent, and how its answer is to be read. */
export interface BedrockRequest {
  readonly operation: BedrockOperation
  readonly body: string
  /** Headers that this request has beside the common ones. */
  readonly headers: Readonly<Record<string, string>>
  readonly form: AnswerForm
}

/** What a request is written for. */
export interface BedrockRequestTarget {
  readonly options: Pick<BedrockOptions, 'api' | 'guardrail'>
  readonly model: BedrockModel
  readonly stream: boolean
  readonly refusal: RequestRefusal
}

/** The operation a request goes to: raw prompts have no place in a conversation. */
export function chooseOperation(
  request: AdapterRequest,
  { options, stream }: Pick<BedrockRequestTarget, 'options' | 'stream'>,
): BedrockOperation {
  if (request.kind === 'chat' && options.api === 'converse') return stream ? 'converse-stream' : 'converse'
  return stream ? 'invoke-with-response-stream' : 'invoke'
}

/** Writes a request for a model on Bedrock. What the model has no place for is refused. */
export function createBedrockRequest(request: AdapterRequest, target: BedrockRequestTarget): BedrockRequest {
  const { options, refusal } = target
  if (request.seed !== undefined)
    refusal.parameter('seed', 'No model on Amazon Bedrock takes a seed, so the answer would differ. Leave it out.')
  const operation = chooseOperation(request, target)
  if (request.kind === 'completion') return createRawRequest(request, operation, target)
  checkToolChoice(request, refusal)
  if (!target.model.takesTools) checkNoTools(request, refusal)
  const form = chooseAnswerForm(request, target.model, refusal)
  const chat = { ...request, messages: messagesFor(request.messages, form, target.model) }
  const isConverse = options.api === 'converse'
  return {
    operation,
    form,
    body: isConverse ? converseBody(chat, form, target) : nativeBody(chat, form, target),
    headers: isConverse ? {} : guardrailHeaders(options.guardrail),
  }
}

function createRawRequest(
  request: Extract<AdapterRequest, { kind: 'completion' }>,
  operation: BedrockOperation,
  { options, model, refusal }: BedrockRequestTarget,
): BedrockRequest {
  if (model.nativeFormat !== 'mistral')
    refusal.parameter(
      'prompt',
      'Amazon Bedrock takes raw prompts for the instruct models of Mistral only. Send the text as a message.',
    )
  const headers = guardrailHeaders(options.guardrail)
  return { operation, headers, form: { means: 'none' }, body: createMistralBody(request) }
}

function converseBody(chat: ChatRequest, form: AnswerForm, { options, stream, refusal }: BedrockRequestTarget): string {
  return createConverseBody(chat, { form, stream, refusal, guardrail: options.guardrail })
}

function nativeBody(chat: ChatRequest, form: AnswerForm, { model, refusal }: BedrockRequestTarget): string {
  return model.nativeFormat === 'mistral' ? createMistralBody(chat) : createAnthropicBody(chat, form, refusal)
}

/** The conversation with the words that ask for a form, and without a system role where the model has none. */
function messagesFor(messages: readonly Message[], form: AnswerForm, model: BedrockModel): readonly Message[] {
  const instruction: Message[] = form.means === 'prompt' ? [{ role: 'system', content: form.instruction }] : []
  const all = [...messages, ...instruction]
  return model.takesSystemMessages ? all : foldSystemMessages(all)
}

function checkToolChoice({ tools = [], toolChoice }: ChatRequest, refusal: RequestRefusal): void {
  if (tools.length === 0 && (toolChoice === 'required' || typeof toolChoice === 'object'))
    refusal.parameter('toolChoice', "It demands a tool, and there are no 'tools' in the request.")
}

function checkNoTools({ tools = [], toolChoice, messages }: ChatRequest, refusal: RequestRefusal): void {
  const hasCalls = messages.some(
    (message) => message.role === 'tool' || (message.role === 'assistant' && (message.toolCalls?.length ?? 0) > 0),
  )
  if (hasCalls || (tools.length > 0 && toolChoice !== 'none'))
    refusal.parameter('tools', 'Mistral 7B and Mixtral 8x7B on Amazon Bedrock take no tools. Use a model that does.')
}

/** What Converse has a member of the body for. */
function guardrailHeaders(guardrail: BedrockGuardrail | undefined): Record<string, string> {
  if (!guardrail) return {}
  const { guardrailIdentifier, guardrailVersion, trace } = guardrail
  return {
    'x-amzn-bedrock-guardrailidentifier': guardrailIdentifier,
    'x-amzn-bedrock-guardrailversion': guardrailVersion,
    ...(trace !== undefined && { 'x-amzn-bedrock-trace': trace.toUpperCase() }),
  }
}
