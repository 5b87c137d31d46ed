import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { Random } from '../random.js'
import { regexSample } from './regex-sample.js'

/** Beyond this depth optional properties and items are left out, so that schemas that contain themselves end. */
const optionalDepth = 6
/** Beyond this depth a required value is null: the schema cannot be met by anything finite. */
const lastDepth = 24
/** Parts of one value; what comes after them is null. Two required children of a schema's own kind would make 16 million. */
const mostParts = 10_000

const words = ['alpha', 'beta', 'gamma', 'delta'] as const

const formats: Readonly<Record<string, string>> = {
  date: '2025-01-31',
  'date-time': '2025-01-31T12:00:00Z',
  time: '12:00:00Z',
  email: 'user@example.com',
  uri: 'https://example.com/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  ipv4: '192.0.2.1',
  hostname: 'example.com',
}

interface Context {
  readonly root: JsonValue
  readonly random: Random
  /** Parts that the value may still have. */
  partsLeft: number
}

/**
 * A value that satisfies a JSON Schema: types, `enum`, `const`, `$ref` within the schema, `allOf`, `anyOf`, `oneOf`,
 * properties, items, lengths, bounds, `multipleOf`, `pattern` and the common formats. Keywords beyond these are not
 * looked at.
 */
export function jsonSchemaValue(schema: JsonValue, random: Random): JsonValue {
  return valueFor(schema, { root: schema, random, partsLeft: mostParts }, 0)
}

function valueFor(schema: JsonValue | undefined, context: Context, depth: number): JsonValue {
  context.partsLeft -= 1
  if (depth > lastDepth || context.partsLeft < 0) return null
  if (!isJsonObject(schema)) return {}
  const get = (key: string) => ownValue(schema, key)
  const constant = get('const')
  if (constant !== undefined) return constant
  const options = arrayOf(get('enum'))
  if (options.length > 0) return options[context.random.integer(options.length)] ?? null
  const reference = get('$ref')
  if (typeof reference === 'string') return valueFor(resolve(reference, context.root), context, depth + 1)
  const [alternative] = [...arrayOf(get('anyOf')), ...arrayOf(get('oneOf'))]
  if (alternative !== undefined)
    return valueFor(merge([without(schema, 'anyOf', 'oneOf'), alternative]), context, depth + 1)
  const parts = arrayOf(get('allOf'))
  if (parts.length > 0) {
    const resolved = parts.map((part) => followReference(part, context.root))
    return valueFor(merge([without(schema, 'allOf'), ...resolved]), context, depth + 1)
  }
  return typedValue(schema, context, depth)
}

function typedValue(schema: JsonObject, context: Context, depth: number): JsonValue {
  switch (typeOf(schema)) {
    case 'string':
      return stringFor(schema, context.random)
    case 'integer':
      return numberFor(schema, true)
    case 'number':
      return numberFor(schema, false)
    case 'boolean':
      return context.random.integer(2) === 0
    case 'null':
      return null
    case 'array':
      return arrayFor(schema, context, depth)
    default:
      return objectFor(schema, context, depth)
  }
}

function typeOf(schema: JsonObject): JsonValue | undefined {
  const type = ownValue(schema, 'type')
  if (Array.isArray(type)) return type[0]
  if (type !== undefined) return type
  if (ownValue(schema, 'items') !== undefined || ownValue(schema, 'prefixItems') !== undefined) return 'array'
  if (ownValue(schema, 'pattern') !== undefined || ownValue(schema, 'minLength') !== undefined) return 'string'
  if (ownValue(schema, 'minimum') !== undefined || ownValue(schema, 'maximum') !== undefined) return 'number'
  return 'object'
}

function stringFor(schema: JsonObject, random: Random): string {
  const pattern = ownValue(schema, 'pattern')
  if (typeof pattern === 'string') return regexSample(pattern, random)
  const format = ownValue(schema, 'format')
  const formatted = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined
  if (formatted !== undefined) return formatted
  const minLength = Math.min(numberOf(schema, 'minLength') ?? 0, 10_000)
  const maxLength = numberOf(schema, 'maxLength') ?? Number.POSITIVE_INFINITY
  return random.pick(words).padEnd(minLength, 'a').slice(0, Math.max(0, maxLength))
}

function numberFor(schema: JsonObject, isInteger: boolean): number {
  const step = numberOf(schema, 'multipleOf') ?? (isInteger ? 1 : 0)
  const gap = step > 0 ? step : 1e-3
  const low = bound(numberOf(schema, 'minimum'), numberOf(schema, 'exclusiveMinimum'), gap)
  const high = bound(numberOf(schema, 'maximum'), numberOf(schema, 'exclusiveMaximum'), -gap)
  const preferred = Math.min(Math.max(1, low ?? 1), high ?? Number.POSITIVE_INFINITY)
  if (step <= 0) return preferred
  const up = Math.ceil(preferred / step) * step
  return high !== undefined && up > high ? Math.floor(preferred / step) * step : up
}

function bound(inclusive: number | undefined, exclusive: number | undefined, gap: number): number | undefined {
  const moved = exclusive === undefined ? undefined : exclusive + gap
  if (inclusive === undefined || moved === undefined) return inclusive ?? moved
  return gap > 0 ? Math.max(inclusive, moved) : Math.min(inclusive, moved)
}

function arrayFor(schema: JsonObject, context: Context, depth: number): JsonValue {
  const first = arrayOf(ownValue(schema, 'prefixItems'))
  const wanted = Math.min(numberOf(schema, 'minItems') ?? 0, 1_000)
  const usual = Math.min(depth < optionalDepth ? 1 : 0, numberOf(schema, 'maxItems') ?? 1)
  const length = Math.max(wanted, first.length, ownValue(schema, 'items') === undefined ? 0 : usual)
  return Array.from({ length }, (_, index) =>
    valueFor(first[index] ?? ownValue(schema, 'items') ?? {}, context, depth + 1),
  )
}

function objectFor(schema: JsonObject, context: Context, depth: number): JsonValue {
  const required = arrayOf(ownValue(schema, 'required')).filter((name) => typeof name === 'string')
  const given = ownValue(schema, 'properties')
  const properties = isJsonObject(given) ? given : {}
  const names = depth < optionalDepth ? new Set([...Object.keys(properties), ...required]) : new Set(required)
  return Object.fromEntries([...names].map((name) => [name, valueFor(ownValue(properties, name), context, depth + 1)]))
}

function resolve(reference: string, root: JsonValue): JsonValue {
  if (!reference.startsWith('#')) return {}
  let current: JsonValue | undefined = root
  for (const part of reference.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    current = isJsonObject(current) ? ownValue(current, key) : undefined
  }
  return current ?? {}
}

function followReference(schema: JsonValue, root: JsonValue): JsonValue {
  const reference = isJsonObject(schema) ? ownValue(schema, '$ref') : undefined
  return typeof reference === 'string' ? resolve(reference, root) : schema
}

function merge(schemas: readonly JsonValue[]): JsonObject {
  const objects = schemas.filter(isJsonObject)
  const union = (key: string) =>
    Object.fromEntries(objects.flatMap((item) => Object.entries(ownValue(item, key) ?? {})))
  return {
    ...Object.fromEntries(objects.flatMap((item) => Object.entries(item))),
    ...(objects.some((item) => isJsonObject(ownValue(item, 'properties'))) ? { properties: union('properties') } : {}),
    required: [...new Set(objects.flatMap((item) => arrayOf(ownValue(item, 'required'))))],
  }
}

function without(schema: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !keys.includes(key)))
}

function arrayOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

function numberOf(schema: JsonObject, key: string): number | undefined {
  const value = ownValue(schema, key)
  return typeof value === 'number' ? value : undefined
}
