import { isJsonObject, ownValue } from '../json.js'
import type { Random } from '../random.js'
import { jsonSchemaValue } from '../text/json-schema-value.js'
import { type ApiVersion, hasFeature } from './api-version.js'
import { invalidRequest, platformError } from './azure-request-error.js'
import type { BodyReader } from './body-reader.js'
import type { ChatMessage } from './chat-messages.js'

/** Text that the output must be: the result of a generator that keeps to what the request demands. */
export type OutputConstraint = (random: Random) => string

/** Reads `response_format`, or throws what the version or the model says about it. */
export function readResponseFormat(
  reader: BodyReader,
  messages: readonly ChatMessage[],
  version: ApiVersion,
): OutputConstraint | undefined {
  const format = reader.object('response_format')
  const type = format && (ownValue(format, 'type') ?? null)
  if (format === undefined || type === 'text') return undefined
  if (type === 'json_object') return jsonObject(messages)
  if (type !== 'json_schema') {
    throw invalidRequest(
      `Invalid value: '${String(type).slice(0, 100)}'. Supported values are: 'json_object', 'json_schema', and 'text'.`,
      'response_format.type',
      'invalid_value',
    )
  }
  if (!hasFeature(version, 'jsonSchema')) {
    throw platformError(
      400,
      'BadRequest',
      'response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later',
    )
  }
  const wrapper = ownValue(format, 'json_schema')
  const schema = isJsonObject(wrapper) ? ownValue(wrapper, 'schema') : undefined
  if (schema === undefined) {
    const param = `response_format.json_schema${isJsonObject(wrapper) ? '.schema' : ''}`
    throw invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
  }
  return (random) => JSON.stringify(jsonSchemaValue(schema, random))
}

/** Models that are not told to write JSON would write blanks for ever, so OpenAI asks for the word. */
function jsonObject(messages: readonly ChatMessage[]): OutputConstraint {
  if (messages.some(({ text }) => /json/i.test(text))) return () => '{}'
  throw invalidRequest(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    'messages',
  )
}
