import { isJsonObject, type JsonObject, type JsonValue, ownValue, parseJson } from '../json.js'
import type { Random } from '../random.js'
import { jsonSchemaValue } from '../text/json-schema-value.js'
import { regexSample } from '../text/regex-sample.js'
import type { BodyReader } from './body-reader.js'
import type { VllmBehaviour } from './vllm-behaviour.js'
import { badRequest } from './vllm-request-error.js'

/** Text that the output must be: the result of a generator that keeps to what the request demands. */
export type OutputConstraint = (random: Random) => string

/** Reads `response_format` and the version's own structured-output fields. */
export function readConstraint(
  reader: BodyReader,
  endpoint: 'chat' | 'completions',
  behaviour: VllmBehaviour,
): OutputConstraint | undefined {
  const format = reader.object('response_format')
  const structured = behaviour.hasStructuredOutputs ? reader.object('structured_outputs') : undefined
  const guided = behaviour.hasGuidedDecoding ? guidedFields(reader) : undefined
  return formatConstraint(format, endpoint, behaviour) ?? fieldsConstraint(structured) ?? fieldsConstraint(guided)
}

function formatConstraint(
  format: JsonObject | undefined,
  endpoint: 'chat' | 'completions',
  behaviour: VllmBehaviour,
): OutputConstraint | undefined {
  const type = format && ownValue(format, 'type')
  if (format === undefined || type === 'text') return undefined
  if (type === 'json_object') return () => '{}'
  if (type === 'json_schema' && (endpoint === 'chat' || behaviour.completionsTakeSchemas)) {
    const wrapper = ownValue(format, 'json_schema')
    return schemaConstraint((isJsonObject(wrapper) ? ownValue(wrapper, 'schema') : undefined) ?? {})
  }
  throw badRequest(`response_format type ${JSON.stringify(type ?? null)} is not supported here.`, 'response_format')
}

function guidedFields(reader: BodyReader): JsonObject {
  return {
    json: reader.value('guided_json'),
    regex: reader.value('guided_regex'),
    choice: reader.value('guided_choice'),
    grammar: reader.value('guided_grammar'),
  }
}

const constraintKeys = ['json', 'regex', 'choice', 'grammar', 'json_object', 'structural_tag'] as const

function fieldsConstraint(fields: JsonObject | undefined): OutputConstraint | undefined {
  if (fields === undefined) return undefined
  const given = constraintKeys.filter((key) => (ownValue(fields, key) ?? null) !== null)
  if (given.length > 1)
    throw badRequest(
      `You can only use one kind of structured outputs constraint but multiple are specified: ${given.join(', ')}`,
    )
  const [key] = given
  return key && constraintFor(key, ownValue(fields, key) ?? null)
}

function constraintFor(key: (typeof constraintKeys)[number], value: JsonValue): OutputConstraint {
  if (key === 'json') return schemaConstraint(typeof value === 'string' ? (parseJson(value) ?? {}) : value)
  if (key === 'json_object') return () => '{}'
  if (key === 'choice') return choiceConstraint(value)
  if (key === 'regex' && typeof value === 'string') return regexConstraint(value)
  throw badRequest(
    `The emulator cannot generate from "${key}"; use json, regex or choice, or answer with the \`respond\` option.`,
  )
}

function schemaConstraint(schema: JsonValue): OutputConstraint {
  return (random) => JSON.stringify(jsonSchemaValue(schema, random))
}

function choiceConstraint(value: JsonValue): OutputConstraint {
  const choices = Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
  const [first, ...rest] = choices
  if (first === undefined) throw badRequest('Choice constraints need at least one string.')
  return (random) => random.pick([first, ...rest])
}

function regexConstraint(pattern: string): OutputConstraint {
  try {
    new RegExp(pattern, 'u')
  } catch {
    throw badRequest(`The regular expression ${JSON.stringify(pattern)} is not valid.`)
  }
  return (random) => regexSample(pattern, random)
}
