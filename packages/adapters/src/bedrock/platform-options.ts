import { isJsonObject, type JsonObject } from '../openai-format/json.js'

/**
 * Adds the caller's own members to a body. They win; where both sides have an object under one name, as
 * `inferenceConfig`, its members are joined.
 */
export function addPlatformOptions(body: JsonObject, options: JsonObject | undefined): JsonObject {
  if (options === undefined) return body
  const members = Object.entries(options).map(([name, value]) => {
    const own = Object.hasOwn(body, name) ? body[name] : undefined
    return [name, isJsonObject(own) && isJsonObject(value) ? { ...own, ...value } : value] as const
  })
  return { ...body, ...Object.fromEntries(members) }
}
