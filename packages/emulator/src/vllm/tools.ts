import type { EmulatedToolCall } from '../answer.js'
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json.js'
import type { Random } from '../random.js'
import { jsonSchemaValue } from '../text/json-schema-value.js'
import type { BodyReader } from './body-reader.js'
import type { ChatMessage } from './chat-message.js'
import { badRequest } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

/** A function the request offers. */
interface Tool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonValue
}

/** Which functions are offered, and whether one must be called. */
export interface ToolUse {
  readonly choice: 'none' | 'auto' | 'required' | 'named'
  /** The functions that may be called; for `named`, the one that must. */
  readonly tools: readonly Tool[]
}

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

function readTool(tool: JsonValue, index: number, reader: BodyReader): Tool[] {
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

function namedTool(choice: JsonValue, tools: readonly Tool[], reader: BodyReader): readonly Tool[] {
  const wanted = isJsonObject(choice) ? ownValue(choice, 'function') : undefined
  const name = isJsonObject(wanted) ? ownValue(wanted, 'name') : undefined
  const found = tools.filter((tool) => tool.name === name)
  if (found.length > 0) return found
  if (typeof name === 'string')
    reader.complainValue('The tool specified in `tool_choice` does not match any of the specified `tools`')
  else reader.complainValue('`tool_choice` must either be a named tool, "auto", "required" or "none".')
  return []
}

/** The call a model would plausibly make, or `undefined` where it would rather answer in words. */
export function toolCall(use: ToolUse, messages: readonly ChatMessage[], random: Random): EmulatedToolCall | undefined {
  const last = messages.at(-1)
  const words = wordsOf(last?.text ?? '')
  const isAbout = (tool: Tool) => [...wordsOf(`${tool.name} ${tool.description}`)].some((word) => words.has(word))
  const fitting = use.tools.find(isAbout)
  // After a tool's result the conversation wants an answer, and small talk wants none of the tools.
  const mayDecline = use.choice === 'auto' && (last?.role === 'tool' || fitting === undefined)
  const tool = mayDecline ? undefined : (fitting ?? use.tools[0])
  return tool && { name: tool.name, arguments: argumentsFor(tool, random) }
}

function argumentsFor(tool: Tool, random: Random): JsonObject {
  const value = jsonSchemaValue(tool.parameters, random)
  return isJsonObject(value) ? value : {}
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .slice(0, 5_000)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]{4,}/g),
  )
}
