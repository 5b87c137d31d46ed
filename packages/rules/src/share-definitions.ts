import type { JsonSchema } from './json-schema.js'

/**
 * Moves what appears several times into `$defs`: the deployment of each platform under the platform's name, and what
 * stands below it, objects and names with long lists to complete, under the names of the properties. The result means the same and is a fraction of the size.
 */
export function shareDefinitions(schema: JsonSchema): JsonSchema {
  const definitions: Record<string, JsonSchema> = {}
  const shared = share(schema, '', definitions)
  return { ...shared, $defs: definitions }
}

function share(schema: JsonSchema, name: string, definitions: Record<string, JsonSchema>): JsonSchema {
  const inner = { ...schema }
  if (schema.properties !== undefined)
    inner.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, child]) => [key, share(child, key, definitions)]),
    )
  if (schema.anyOf !== undefined) inner.anyOf = schema.anyOf.map((branch) => share(branch, '', definitions))
  if (schema.oneOf !== undefined) inner.oneOf = schema.oneOf.map((branch) => share(branch, '', definitions))
  if (typeof schema.additionalProperties === 'object')
    inner.additionalProperties = share(schema.additionalProperties, '', definitions)
  const definition = definitionName(inner, name)
  return definition === undefined ? inner : define(inner, definition, definitions)
}

function definitionName({ properties, type, anyOf }: JsonSchema, name: string): string | undefined {
  const offersIds = anyOf?.[0]?.enum !== undefined
  if (offersIds) return name || undefined
  if (type !== 'object' || properties === undefined) return undefined
  const platform = properties['platform']?.const
  return typeof platform === 'string' ? `${platform}-deployment` : name || undefined
}

function define(schema: JsonSchema, name: string, definitions: Record<string, JsonSchema>): JsonSchema {
  const { description, ...definition } = schema
  const before = definitions[name]
  // Two things of one name stay where they are.
  if (before !== undefined && JSON.stringify(before) !== JSON.stringify(definition)) return schema
  definitions[name] = definition
  const $ref = `#/$defs/${name}`
  return description === undefined ? { $ref } : { description, $ref }
}
