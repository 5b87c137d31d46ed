/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject

/** A JSON object. Keys are whatever the sender wrote, `__proto__` included, and are always own properties. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}

/** Whether a value is a JSON object: not `null` and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own property `key`, or `undefined`. Inherited names such as `constructor` are not found. */
export function ownValue(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Parses JSON text. Returns `undefined`, which JSON cannot express, when the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/** Deeper values are refused by the dialects that go through them by recursion. Services have limits of this order. */
const maxNesting = 500

/** Whether a value has more levels of lists and objects than {@link maxNesting}. */
export function isNestedTooDeeply(value: JsonValue): boolean {
  let level: readonly (JsonValue | undefined)[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxNesting) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}
