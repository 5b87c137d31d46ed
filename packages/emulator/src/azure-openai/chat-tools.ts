import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { OfferedTool, ToolUse } from '../output/tool-use.js'
import { invalidRequest } from './azure-request-error.js'
import { type BodyReader, wrongType } from './body-reader.js'

/** Reads `tools` and `tool_choice`, or throws OpenAI's complaint. */
export function readTools(reader: BodyReader): ToolUse {
  const tools = (reader.array('tools') ?? []).map(readTool)
  const choice = reader.value('tool_choice') ?? (tools.length > 0 ? 'auto' : 'none')
  if (choice === 'none') return { choice, tools: [] }
  if (tools.length === 0) {
    throw invalidRequest(
      "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      'tool_choice',
    )
  }
  if (choice === 'auto' || choice === 'required') return { choice, tools }
  return { choice: 'named', tools: namedTool(choice, tools) }
}

function readTool(tool: JsonValue, index: number): OfferedTool {
  const path = `tools[${index}]`
  if (!isJsonObject(tool)) throw wrongType(path, 'an object', tool)
  const definition = functionOf(tool)
  const name = definition && ownValue(definition, 'name')
  if (definition === undefined || typeof name !== 'string' || name === '') {
    const param = `${path}.function${definition === undefined ? '' : '.name'}`
    throw invalidRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
  }
  const description = ownValue(definition, 'description')
  return {
    name,
    description: typeof description === 'string' ? description : '',
    parameters: ownValue(definition, 'parameters') ?? { type: 'object', properties: {} },
  }
}

function functionOf(tool: JsonObject): JsonObject | undefined {
  const definition = ownValue(tool, 'function')
  return isJsonObject(definition) ? definition : undefined
}

function namedTool(choice: JsonValue, tools: readonly OfferedTool[]): readonly OfferedTool[] {
  const definition = isJsonObject(choice) ? functionOf(choice) : undefined
  const name = definition && ownValue(definition, 'name')
  const found = tools.filter((tool) => tool.name === name)
  if (found.length > 0) return found
  const spelled = typeof name === 'string' ? name.slice(0, 100) : 'undefined'
  throw invalidRequest(`Tool choice '${spelled}' not found in 'tools' parameter.`, 'tool_choice')
}
