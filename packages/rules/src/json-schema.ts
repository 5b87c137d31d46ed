/** A JSON Schema, as far as the configuration's schema uses the language. */
export interface JsonSchema {
  $ref?: string
  type?: unknown
  const?: unknown
  enum?: unknown
  pattern?: unknown
  minLength?: unknown
  description?: unknown
  examples?: unknown
  required?: unknown
  propertyNames?: unknown
  items?: unknown
  properties?: Record<string, JsonSchema>
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  additionalProperties?: JsonSchema | boolean
  $defs?: Record<string, JsonSchema>
}
