import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import { BedrockRequestError, validationError } from './bedrock-request-error.js'

/** The member of an object, if it is there and not null. The other readers throw AWS's complaint about a wrong type. */
export function valueAt(object: JsonObject, key: string): JsonValue | undefined {
  return ownValue(object, key) ?? undefined
}

export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = valueAt(object, key)
  if (value === undefined || isJsonObject(value)) return value
  throw notConvertible(value, 'Structure')
}

export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = valueAt(object, key)
  if (value === undefined || typeof value === 'string') return value
  throw notConvertible(value, 'String')
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = valueAt(object, key)
  if (value === undefined || typeof value === 'number') return value
  throw notConvertible(value, 'Float')
}

export function integerAt(object: JsonObject, key: string): number | undefined {
  const value = valueAt(object, key)
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined
  throw notConvertible(value, 'Integer')
}

function listAt(object: JsonObject, key: string): readonly JsonValue[] | undefined {
  const value = valueAt(object, key)
  if (value === undefined || Array.isArray(value)) return value as readonly JsonValue[] | undefined
  throw new BedrockRequestError('SerializationException', 'Expected list or null')
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] | undefined {
  return listAt(object, key)?.map((item) => {
    if (isJsonObject(item)) return item
    throw notConvertible(item, 'Structure')
  })
}

export function stringsAt(object: JsonObject, key: string): readonly string[] | undefined {
  return listAt(object, key)?.map((item) => {
    if (typeof item === 'string') return item
    throw notConvertible(item, 'String')
  })
}

/** Throws AWS's complaint unless a value keeps to the API model. `path` is where the value is, `rule` what it must do. */
export function requireConstraint(holds: boolean, value: JsonValue, path: string, rule: string): void {
  if (holds) return
  const spelled = JSON.stringify(value).slice(0, 200).replaceAll('"', "'")
  throw validationError(
    `1 validation error detected: Value ${spelled} at '${path}' failed to satisfy constraint: Member must ${rule}`,
  )
}

/** AWS's own words for a JSON value of the wrong type. */
function notConvertible(value: JsonValue, wanted: string): BedrockRequestError {
  return new BedrockRequestError('SerializationException', complaint(value, wanted))
}

function complaint(value: JsonValue, wanted: string): string {
  if (Array.isArray(value)) return 'Start of list found where not expected'
  if (typeof value === 'object') return 'Start of structure or map found where not expected.'
  const kind =
    typeof value === 'boolean' ? String(value).toUpperCase() : typeof value === 'string' ? 'STRING' : 'NUMBER'
  const article = wanted === 'Integer' ? 'an' : 'a'
  return `${kind}_VALUE can not be converted to ${article} ${wanted}`
}
