import type { EmulatedToolCall } from '../answer.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js'
import type { Random } from '../random.js'
import { jsonSchemaValue } from '../text/json-schema-value.js'

/** A function the request offers. */
export interface OfferedTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonValue
}

/** Which functions are offered, and whether one must be called. */
export interface ToolUse {
  readonly choice: 'none' | 'auto' | 'required' | 'named'
  /** The functions that may be called; for `named`, the one that must. */
  readonly tools: readonly OfferedTool[]
}

/** A message of the conversation; the results of calls have the role `tool`. */
interface Message {
  readonly role: string
  readonly text: string
}

/** The call a model would plausibly make, or `undefined` where it would rather answer in words. */
export function toolCall(use: ToolUse, messages: readonly Message[], random: Random): EmulatedToolCall | undefined {
  const last = messages.at(-1)
  const words = wordsOf(last?.text ?? '')
  const isAbout = (tool: OfferedTool) =>
    [...wordsOf(`${tool.name} ${tool.description}`)].some((word) => words.has(word))
  const fitting = use.tools.find(isAbout)
  // After a tool's result the conversation wants an answer, and small talk wants none of the tools.
  const mayDecline = use.choice === 'auto' && (last?.role === 'tool' || fitting === undefined)
  const tool = mayDecline ? undefined : (fitting ?? use.tools[0])
  return tool && { name: tool.name, arguments: argumentsFor(tool, random) }
}

function argumentsFor(tool: OfferedTool, random: Random): JsonObject {
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
