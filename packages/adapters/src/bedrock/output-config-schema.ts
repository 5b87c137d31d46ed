import { isJsonObject } from '../openai-format/json.js'

/** Keywords that structured outputs enforce, and those that demand nothing. */
const acceptedKeywords: ReadonlySet<string> = new Set([
  ...['type', 'enum', 'const', 'format', 'pattern', 'properties', 'required', 'additionalProperties', 'items'],
  ...['anyOf', 'allOf', '$defs', 'definitions'],
  ...['$schema', '$id', '$comment', 'title', 'description', 'default', 'examples'],
])
/** A schema nested deeper is taken for a recursive one. */
const maxDepth = 64

/**
 * Whether Bedrock's structured outputs take a schema: every object says `additionalProperties: false`, and no keyword
 * stands for something they cannot enforce (limits of numbers and lengths, references).
 * Source: "Get validated JSON results from models", Amazon Bedrock user guide.
 */
export function fitsOutputConfig(schema: unknown, depth = 0): boolean {
  if (!isJsonObject(schema) || depth > maxDepth) return false
  if (!Object.keys(schema).every((keyword) => acceptedKeywords.has(keyword))) return false
  const isObject = schema['type'] === 'object' || schema['properties'] !== undefined
  if (isObject && schema['additionalProperties'] !== false) return false
  return subschemas(schema).every((each) => fitsOutputConfig(each, depth + 1))
}

function subschemas(schema: Readonly<Record<string, unknown>>): unknown[] {
  const named = [schema['properties'], schema['$defs'], schema['definitions']].filter(isJsonObject)
  const listed = [schema['anyOf'], schema['allOf']].filter(Array.isArray)
  const items = schema['items'] === undefined ? [] : [schema['items']]
  return [...named.flatMap((group) => Object.values(group)), ...listed.flat(), ...items]
}
