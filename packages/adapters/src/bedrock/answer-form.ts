import type { ChatRequest } from '../adapter-request.js'
import type { ResponseFormat } from '../message.js'
import { isJsonObject } from '../openai-format/json.js'
import type { BedrockModel } from './bedrock-model.js'
import { fitsOutputConfig } from './output-config-schema.js'
import type { RequestRefusal } from './request-refusal.js'

type JsonSchema = Readonly<Record<string, unknown>>

/** How the answer is brought into its form. */
export type AnswerForm =
  /** There is none. */
  | { readonly means: 'none' }
  /** The platform's structured outputs. */
  | { readonly means: 'output-config'; readonly name: string; readonly schema: JsonSchema }
  /** A tool whose arguments are the answer, and that the model must call. */
  | { readonly means: 'forced-tool'; readonly name: string; readonly schema: JsonSchema }
  /** Words in the system prompt. */
  | { readonly means: 'prompt'; readonly instruction: string }

const noForm: AnswerForm = { means: 'none' }
const defaultName = 'answer'

/** Chooses how a model is made to answer in the form that was asked for. Refuses forms Bedrock has no means for. */
export function chooseAnswerForm(request: ChatRequest, model: BedrockModel, refusal: RequestRefusal): AnswerForm {
  const { responseFormat: format, toolChoice } = request
  if (format === undefined || format.type === 'text') return noForm
  // A call of the caller's tool is the whole answer then, and has no form.
  if (toolChoice === 'required' || typeof toolChoice === 'object') return noForm
  if (format.type === 'json-object') return { means: 'prompt', instruction: jsonInstruction }
  if (format.type === 'json-schema') return chooseSchemaForm(format, request, model)
  return refusal.parameter(
    'responseFormat',
    `Amazon Bedrock has no means for an answer of the form '${format.type}'. Use 'json-schema', with 'pattern' or 'enum' for the value.`,
  )
}

function chooseSchemaForm(
  { name = defaultName, schema }: Extract<ResponseFormat, { type: 'json-schema' }>,
  request: ChatRequest,
  { jsonMeans }: BedrockModel,
): AnswerForm {
  const form = { name: toolName(name), schema }
  if (jsonMeans === 'output-config' && fitsOutputConfig(schema)) return { means: 'output-config', ...form }
  // Arguments of a tool are always an object, and a model that thinks cannot be forced to call one.
  const canForceTool = jsonMeans !== 'prompt' && schema['type'] === 'object' && !isThinking(request)
  if (canForceTool && !hasTool(request, form.name)) return { means: 'forced-tool', ...form }
  return { means: 'prompt', instruction: schemaInstruction(schema) }
}

/** Tools are called `[a-zA-Z0-9_-]`, up to 64 characters. */
function toolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || defaultName
}

function hasTool({ tools = [] }: ChatRequest, name: string): boolean {
  return tools.some((tool) => tool.name === name)
}

/** Whether the request turns reasoning on, in the words of Converse or of the model's own body. */
function isThinking({ platformOptions }: ChatRequest): boolean {
  const fields = platformOptions?.['additionalModelRequestFields'] ?? platformOptions
  const thinking = isJsonObject(fields) ? fields['thinking'] : undefined
  return isJsonObject(thinking) && thinking['type'] !== 'disabled'
}

const jsonInstruction = 'Answer with one JSON object and nothing else: no Markdown, no text before or after it.'

function schemaInstruction(schema: JsonSchema): string {
  return `Answer with JSON that fits the JSON Schema below, and with nothing else: no Markdown, no text before or after it.\n${JSON.stringify(schema)}`
}
