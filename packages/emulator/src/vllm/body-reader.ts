import { isJsonObject, type JsonObject, type JsonValue, ownValue, parseJson } from '../json.js'
import { type ValidationIssue, validationError } from './validation-error.js'
import type { VllmBehaviour } from './vllm-behaviour.js'
import { VllmRequestError } from './vllm-request-error.js'

/** Parses a request body into an object, or throws the version's complaint. */
export function parseBody(text: string, contentType: string | undefined, behaviour: VllmBehaviour): JsonObject {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json' && behaviour.contentTypeStatus !== undefined) {
    throw unsupportedMediaType(behaviour.contentTypeStatus)
  }
  const body = parseJson(text)
  if (body === undefined) throw validationError([notJson(text)], behaviour)
  if (isJsonObject(body) && mediaType === 'application/json') return body
  throw validationError([notAnObject(body)], behaviour)
}

function unsupportedMediaType(status: 400 | 415): VllmRequestError {
  const message = "Unsupported Media Type: Only 'application/json' is allowed"
  return new VllmRequestError({
    status,
    type: status === 400 ? 'Bad Request' : 'Unsupported Media Type',
    message,
    param: null,
  })
}

function notJson(text: string): ValidationIssue {
  if (text === '') return { type: 'missing', location: [], message: 'Field required', input: null }
  return { type: 'json_invalid', location: [0], message: 'JSON decode error', input: {} }
}

function notAnObject(input: JsonValue): ValidationIssue {
  const message = 'Input should be a valid dictionary or object to extract fields from'
  return { type: 'model_attributes_type', location: [], message, input }
}

/**
 * Reads the fields of a body and collects complaints, so that all are reported together. A field that is missing or
 * `null` reads as `undefined`; so does one of the wrong type, with a complaint.
 */
export class BodyReader {
  readonly body: JsonObject
  readonly #issues: ValidationIssue[] = []

  constructor(body: JsonObject) {
    this.body = body
  }

  /** Adds a complaint about a field. */
  complain(type: string, location: readonly (string | number)[], message: string, input?: JsonValue): void {
    this.#issues.push({ type, location, message, input })
  }

  /** Complains about a rule that concerns the whole body. */
  complainValue(message: string): void {
    this.complain('value_error', [], `Value error, ${message}`, this.body)
  }

  /** Complains about every field that is not in the list. */
  forbidOthers(known: ReadonlySet<string>): void {
    for (const [key, value] of Object.entries(this.body)) {
      if (!known.has(key)) this.complain('extra_forbidden', [key], 'Extra inputs are not permitted', value)
    }
  }

  /** The value of a field, whatever its type. */
  value(key: string): JsonValue | undefined {
    return ownValue(this.body, key) ?? undefined
  }

  /** Complains unless the field is there. */
  require(key: string): void {
    if (!Object.hasOwn(this.body, key)) this.complain('missing', [key], 'Field required', this.body)
  }

  string(key: string): string | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'string') return value
    this.complain('string_type', [key], 'Input should be a valid string', value)
    return undefined
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'boolean') return value
    this.complain('bool_parsing', [key], 'Input should be a valid boolean, unable to interpret input', value)
    return undefined
  }

  number(key: string): number | undefined {
    const value = this.value(key)
    if (value === undefined || typeof value === 'number') return value
    this.complain('float_type', [key], 'Input should be a valid number', value)
    return undefined
  }

  integer(key: string): number | undefined {
    const value = this.value(key)
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value
    this.complain('int_type', [key], 'Input should be a valid integer', value)
    return undefined
  }

  object(key: string): JsonObject | undefined {
    const value = this.value(key)
    if (value === undefined || isJsonObject(value)) return value
    this.complain('dict_type', [key], 'Input should be a valid dictionary', value)
    return undefined
  }

  array(key: string): readonly JsonValue[] | undefined {
    const value = this.value(key)
    if (value === undefined || Array.isArray(value)) return value as readonly JsonValue[] | undefined
    this.complain('list_type', [key], 'Input should be a valid list', value)
    return undefined
  }

  /** A string, or several. */
  strings(key: string): readonly string[] {
    const value = this.value(key)
    if (typeof value === 'string') return [value]
    const items = this.array(key) ?? []
    if (items.every((item) => typeof item === 'string')) return items
    this.complain('string_type', [key], 'Input should be a valid string', value)
    return []
  }

  /** Throws all complaints together, if there are any. */
  finish(behaviour: VllmBehaviour): void {
    if (this.#issues.length > 0) throw validationError(this.#issues, behaviour)
  }
}
