import { isJsonObject, isNestedTooDeeply, type JsonObject, type JsonValue, ownValue, parseJson } from '../json.js'
import { type AzureRequestError, invalidRequest } from './azure-request-error.js'

/** Parses a request body into an object, or throws OpenAI's complaint. */
export function parseBody(text: string): JsonObject {
  const body = parseJson(text)
  if (isJsonObject(body) && !isNestedTooDeeply(body)) return body
  throw invalidRequest(
    'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.',
    null,
  )
}

/** Reads the fields of a body; the first that is wrong is complained about. A field that is null reads as `undefined`. */
export class BodyReader {
  readonly body: JsonObject

  constructor(body: JsonObject) {
    this.body = body
  }

  /** Throws unless every field is one of these. */
  forbidOthers(known: ReadonlySet<string>): void {
    const unknown = Object.keys(this.body).filter((key) => !known.has(key))
    if (unknown.length > 0) throw unrecognized(unknown)
  }

  value(key: string): JsonValue | undefined {
    return ownValue(this.body, key) ?? undefined
  }

  require(key: string): JsonValue {
    const value = this.value(key)
    if (value !== undefined) return value
    throw invalidRequest(`Missing required parameter: '${key}'.`, key, 'missing_required_parameter')
  }

  string(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'string') return value
    throw wrongType(key, 'a string', value)
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'boolean') return value
    throw wrongType(key, 'a boolean', value)
  }

  object(key: string): JsonObject | undefined {
    const value = this.value(key)
    if (value === undefined || isJsonObject(value)) return value
    throw wrongType(key, 'an object', value)
  }

  array(key: string): readonly JsonValue[] | undefined {
    const value = this.value(key)
    if (value === undefined || Array.isArray(value)) return value as readonly JsonValue[] | undefined
    throw wrongType(key, 'an array', value)
  }

  /** A number within bounds, both included. */
  number(key: string, least: number, most: number): number | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (typeof value !== 'number') throw wrongType(key, 'a decimal', value)
    checkBounds(key, 'decimal', value, least, most)
    return value
  }

  /** A whole number within bounds, both included. */
  integer(key: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType(key, 'an integer', value)
    checkBounds(key, 'integer', value, least, most)
    return value
  }

  /** A string, or up to four: more stop strings are not taken. */
  stops(): readonly string[] {
    const value = this.value('stop')
    if (value === undefined) return []
    const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
    const texts = list.filter((item) => typeof item === 'string')
    if (texts.length < list.length) throw wrongType('stop', 'one of a string or array of strings', value)
    if (texts.length <= maxStops) return texts.filter((text) => text !== '')
    throw invalidRequest(
      `Invalid 'stop': array too long. Expected an array with maximum length ${maxStops}, but got an array with length ${texts.length} instead.`,
      'stop',
      'array_above_max_length',
    )
  }
}

const maxStops = 4

/** The complaint about fields the model, the version or anybody does not know. */
export function unrecognized(names: readonly string[]): AzureRequestError {
  const list = names.map((name) => name.slice(0, 100)).sort()
  return invalidRequest(
    `Unrecognized request argument${list.length === 1 ? '' : 's'} supplied: ${list.join(', ')}`,
    null,
  )
}

function checkBounds(key: string, kind: 'decimal' | 'integer', value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  const [side, bound, symbol] = value < least ? ['below minimum', least, '>='] : ['above maximum', most, '<=']
  throw invalidRequest(
    `Invalid '${key}': ${kind} ${side} value. Expected a value ${symbol} ${bound}, but got ${value} instead.`,
    key,
    `${kind}_${value < least ? 'below_min' : 'above_max'}_value`,
  )
}

/** The complaint about a field of the wrong type. */
export function wrongType(key: string, expected: string, value: JsonValue): AzureRequestError {
  return invalidRequest(
    `Invalid type for '${key}': expected ${expected}, but got ${typeName(value)} instead.`,
    key,
    'invalid_type',
  )
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
