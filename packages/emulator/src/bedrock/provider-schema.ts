import { type JsonObject, type JsonValue, ownValue } from '../json.js'
import { type BedrockRequestError, malformedInput } from './bedrock-request-error.js'

/** Throws the complaint of a provider's schema about members that are missing or unknown. */
export function checkKeys(body: JsonObject, required: readonly string[], known: ReadonlySet<string>): void {
  const missing = required.find((key) => ownValue(body, key) === undefined)
  if (missing !== undefined) throw malformedInput(`#: required key [${missing}] not found`)
  const unknown = Object.keys(body).find((key) => !known.has(key))
  if (unknown !== undefined) throw malformedInput(`#: extraneous key [${unknown.slice(0, 100)}] is not permitted`)
}

/** The complaint about a member of the wrong type. */
export function wrongType(key: string, expected: string, value: JsonValue | undefined): BedrockRequestError {
  return malformedInput(`#/${key}: expected type: ${expected}, found: ${typeName(value)}`)
}

/** Types as the schema checker, a Java library, names them. */
function typeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'Null'
  if (Array.isArray(value)) return 'JSONArray'
  if (typeof value === 'object') return 'JSONObject'
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'BigDecimal'
  return typeof value === 'string' ? 'String' : 'Boolean'
}
