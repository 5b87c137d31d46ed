import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { OfferedTool, ToolUse } from '../output/tool-use.js'
import { validationError } from './bedrock-request-error.js'
import { wrongType } from './provider-schema.js'

/** Reads `tools` and `tool_choice` in Anthropic's format. */
export function readClaudeTools(body: JsonObject): ToolUse {
  const list = ownValue(body, 'tools') ?? []
  if (!Array.isArray(list)) throw wrongType('tools', 'JSONArray', list)
  const tools = (list as readonly JsonValue[]).map(readTool)
  const choice = ownValue(body, 'tool_choice') ?? undefined
  const type = isJsonObject(choice) ? ownValue(choice, 'type') : undefined
  if (tools.length === 0 || type === 'none') return { choice: 'none', tools: [] }
  if (type === 'any') return { choice: 'required', tools }
  if (type !== 'tool') return { choice: 'auto', tools }
  const name = isJsonObject(choice) ? ownValue(choice, 'name') : undefined
  const named = tools.filter((tool) => tool.name === name)
  if (named.length > 0) return { choice: 'named', tools: named }
  throw validationError(`tool_choice: Tool ${JSON.stringify(name ?? null).slice(0, 100)} not found in provided tools`)
}

function readTool(tool: JsonValue, index: number): OfferedTool {
  const name = isJsonObject(tool) ? ownValue(tool, 'name') : undefined
  if (!isJsonObject(tool) || typeof name !== 'string') throw validationError(`tools.${index}.name: Field required`)
  const description = ownValue(tool, 'description')
  return {
    name,
    description: typeof description === 'string' ? description : '',
    parameters: ownValue(tool, 'input_schema') ?? {},
  }
}
