import { InvalidRequestError } from '@duo-models/adapters'
import type { ModelRequest } from './model-request.js'

type Fields = Readonly<Record<string, unknown>>

interface FieldRule {
  readonly expected: string
  accepts(value: unknown): boolean
}

const text: FieldRule = { expected: 'a string', accepts: (value) => typeof value === 'string' }
const filledText: FieldRule = {
  expected: 'a string with text in it',
  accepts: (value) => typeof value === 'string' && value !== '',
}
const object: FieldRule = { expected: 'an object', accepts: isObject }
const finite: FieldRule = {
  expected: 'a number of at least 0',
  accepts: (value) => isFiniteNumber(value) && value >= 0,
}
const share: FieldRule = {
  expected: 'a number above 0 and at most 1',
  accepts: (value) => isFiniteNumber(value) && value > 0 && value <= 1,
}
const integer: FieldRule = { expected: 'a whole number', accepts: Number.isSafeInteger }
const countFromOne: FieldRule = {
  expected: 'a whole number of at least 1',
  accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
}
const metadata: FieldRule = {
  expected: 'an object whose `conversation` and `repository` are strings, and nothing else',
  accepts: (value) =>
    isObject(value) &&
    Object.entries(value).every(
      ([name, member]) =>
        (name === 'conversation' || name === 'repository') && (member === undefined || typeof member === 'string'),
    ),
}
const texts: FieldRule = {
  expected: 'a list of strings that are not empty',
  accepts: (value) => Array.isArray(value) && value.every(filledText.accepts),
}
const messages: FieldRule = {
  expected: 'a list with at least one message',
  accepts: (value) => Array.isArray(value) && value.length > 0,
}
const tools: FieldRule = {
  expected: 'a list of tools, each with a `name`',
  accepts: (value) => Array.isArray(value) && value.every((tool) => isObject(tool) && filledText.accepts(tool['name'])),
}
const toolChoice: FieldRule = {
  expected: "'auto', 'none', 'required' or { tool: name }",
  accepts: (value) =>
    value === 'auto' ||
    value === 'none' ||
    value === 'required' ||
    (isObject(value) && filledText.accepts(value['tool'])),
}
const responseFormat: FieldRule = {
  expected:
    "{ type: 'text' }, { type: 'json-object' }, { type: 'json-schema', schema }, { type: 'regex', pattern }, { type: 'choice', choices } or { type: 'grammar', grammar }",
  accepts: (value) => isObject(value) && isResponseFormat(value),
}

function isResponseFormat(format: Fields): boolean {
  switch (format['type']) {
    case 'text':
    case 'json-object':
      return true
    case 'json-schema':
      return isObject(format['schema'])
    case 'regex':
      return filledText.accepts(format['pattern'])
    case 'choice':
      return texts.accepts(format['choices']) && (format['choices'] as readonly unknown[]).length > 0
    case 'grammar':
      return filledText.accepts(format['grammar'])
    default:
      return false
  }
}

interface RequestShape {
  readonly required: Readonly<Record<string, FieldRule>>
  readonly optional: Readonly<Record<string, FieldRule>>
}

const settings: Readonly<Record<string, FieldRule>> = {
  deployment: filledText,
  maxOutputTokens: countFromOne,
  temperature: finite,
  topP: share,
  stopSequences: texts,
  seed: integer,
  platformOptions: object,
  metadata,
}
const place = { language: text, filePath: text }

const codeCompletion: RequestShape = { required: { prefix: text }, optional: { ...settings, ...place, suffix: text } }
const codeGeneration: RequestShape = {
  required: { instruction: filledText },
  optional: { ...settings, ...place, prefix: text, suffix: text },
}
const conversation: RequestShape = {
  required: { messages },
  optional: { ...settings, tools, toolChoice, responseFormat },
}

const shapes: Readonly<Record<string, RequestShape>> = {
  'code-completion': codeCompletion,
  code_completions: codeCompletion,
  'code-generation': codeGeneration,
  code_generations: codeGeneration,
}

/**
 * Checks what a caller passes in, where types cannot: in JavaScript, and in numbers.
 * @throws InvalidRequestError naming the member, what it must be and what it was.
 */
export function validateRequest(request: ModelRequest): void {
  if (!isObject(request)) throw invalid('request', 'an object', request)
  const fields: Fields = request
  const { feature } = fields
  if (!filledText.accepts(feature)) throw invalid('feature', "a feature id, such as 'duo-chat'", feature)
  const shape = shapeOf(feature as string)
  checkFields(fields, shape)
  if (shape === conversation) checkMessages(fields['messages'] as readonly unknown[])
}

function shapeOf(feature: string): RequestShape {
  return (Object.hasOwn(shapes, feature) ? shapes[feature] : undefined) ?? conversation
}

function checkFields(fields: Fields, shape: RequestShape): void {
  for (const [name, rule] of Object.entries(shape.required))
    if (!rule.accepts(fields[name])) throw invalid(name, rule.expected, fields[name])
  for (const name of Object.keys(fields)) {
    if (name === 'feature' || Object.hasOwn(shape.required, name)) continue
    const rule = Object.hasOwn(shape.optional, name) ? shape.optional[name] : undefined
    if (rule === undefined) throw unknownField(name, fields, shape)
    if (fields[name] !== undefined && !rule.accepts(fields[name])) throw invalid(name, rule.expected, fields[name])
  }
}

function checkMessages(list: readonly unknown[]): void {
  for (const [index, message] of list.entries()) {
    const at = `messages[${index}]`
    if (!isObject(message)) throw invalid(at, 'an object with `role` and `content`', message)
    checkMessage(at, message)
  }
}

function checkMessage(at: string, message: Fields): void {
  const { role, content, toolCalls, toolCallId } = message
  switch (role) {
    case 'system':
    case 'user':
      expectText(`${at}.content`, content)
      return
    case 'tool':
      expectText(`${at}.toolCallId`, toolCallId)
      expectText(`${at}.content`, content)
      return
    case 'assistant':
      if (content === undefined && !(Array.isArray(toolCalls) && toolCalls.length > 0))
        throw invalid(at, 'an assistant message with `content` or `toolCalls`', message)
      if (content !== undefined) expectText(`${at}.content`, content)
      return
    default:
      throw invalid(`${at}.role`, "'system', 'user', 'assistant' or 'tool'", role)
  }
}

function expectText(name: string, value: unknown): void {
  if (!text.accepts(value)) throw invalid(name, text.expected, value)
}

function unknownField(name: string, fields: Fields, shape: RequestShape): InvalidRequestError {
  const known = [...Object.keys(shape.required), ...Object.keys(shape.optional)]
  return new InvalidRequestError({
    message: `A request for '${String(fields['feature'])}' has no member '${name}'. Known are: ${known.join(', ')}. Members of the platform's own request go into 'platformOptions'.`,
    phase: 'configuration',
  })
}

function invalid(name: string, expected: string, given: unknown): InvalidRequestError {
  return new InvalidRequestError({
    message: `The request's '${name}' must be ${expected}; it is ${describe(given)}.`,
    phase: 'configuration',
  })
}

/** Says what a value is without repeating it: it may be a prompt, or a secret. */
function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (value === '') return 'an empty string'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
