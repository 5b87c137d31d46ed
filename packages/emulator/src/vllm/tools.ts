import { isJsonObject, type JsonValue, ownValue } from '../json.js'
import type { OfferedTool, ToolUse } from '../output/tool-use.js'
import type { BodyReader } from './body-reader.js'
import { badRequest } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

const autoNeedsFlags = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'

/** Reads `tools` and `tool_choice`, with the version's rules about them. */
export function readTools(reader: BodyReader, state: VllmServerState): ToolUse {
  const tools = (reader.array('tools') ?? []).flatMap((tool, index) => readTool(tool, index, reader))
  const choice = reader.value('tool_choice') ?? (tools.length > 0 ? 'auto' : 'none')
  if (choice === 'none') return { choice, tools: [] }
  if (tools.length === 0) {
    reader.complainValue('When using `tool_choice`, `tools` must be set.')
    return { choice: 'none', tools }
  }
  if (choice === 'auto') {
    if (!state.autoToolChoice) throw badRequest(autoNeedsFlags)
    return { choice, tools }
  }
  if (choice === 'required' && state.behaviour.hasRequiredToolChoice) return { choice, tools }
  return { choice: 'named', tools: namedTool(choice, tools, reader) }
}

function readTool(tool: JsonValue, index: number, reader: BodyReader): OfferedTool[] {
  const definition = isJsonObject(tool) ? ownValue(tool, 'function') : undefined
  const name = isJsonObject(definition) ? ownValue(definition, 'name') : undefined
  if (!isJsonObject(definition) || typeof name !== 'string') {
    reader.complain('missing', ['tools', index, 'function', 'name'], 'Field required', tool)
    return []
  }
  const description = ownValue(definition, 'description')
  const parameters = ownValue(definition, 'parameters') ?? { type: 'object', properties: {} }
  return [{ name, description: typeof description === 'string' ? description : '', parameters }]
}

function namedTool(choice: JsonValue, tools: readonly OfferedTool[], reader: BodyReader): readonly OfferedTool[] {
  const wanted = isJsonObject(choice) ? ownValue(choice, 'function') : undefined
  const name = isJsonObject(wanted) ? ownValue(wanted, 'name') : undefined
  const found = tools.filter((tool) => tool.name === name)
  if (found.length > 0) return found
  if (typeof name === 'string')
    reader.complainValue('The tool specified in `tool_choice` does not match any of the specified `tools`')
  else reader.complainValue('`tool_choice` must either be a named tool, "auto", "required" or "none".')
  return []
}
