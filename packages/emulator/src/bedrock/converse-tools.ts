import type { JsonObject } from '../json.js'
import type { OfferedTool, ToolUse } from '../output/tool-use.js'
import type { BedrockModel } from './bedrock-model.js'
import { validationError } from './bedrock-request-error.js'
import { type ConverseMessage, type ConversePart, cachePointPart } from './converse-messages.js'
import { objectAt, objectsAt, requireConstraint, stringAt, valueAt } from './json-fields.js'

/** Tools of a request, and where cache points are between them. */
export interface ConverseTools extends ToolUse {
  /** What the model sees of the tools. */
  readonly parts: readonly ConversePart[]
}

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/

/** Reads `toolConfig` with the rules Converse has about it. */
export function readTools(body: JsonObject, messages: readonly ConverseMessage[], model: BedrockModel): ConverseTools {
  const usesTools = messages.some(({ parts }) =>
    parts.some(({ kind }) => kind === 'tool-use' || kind === 'tool-result'),
  )
  const config = objectAt(body, 'toolConfig')
  if ((config !== undefined || usesTools) && !model.takesSystemAndTools) {
    throw validationError("This model doesn't support tool use.")
  }
  if (config === undefined && usesTools) {
    throw validationError('The toolConfig field must be defined when using toolUse and toolResult content blocks.')
  }
  if (config === undefined) return { choice: 'none', tools: [], parts: [] }
  const entries = objectsAt(config, 'tools') ?? []
  requireConstraint(entries.length > 0, entries, 'toolConfig.tools', 'have length greater than or equal to 1')
  const tools = entries.flatMap(readTool)
  const parts = entries.map((entry) => toolPart(entry, model))
  return { ...choose(objectAt(config, 'toolChoice'), tools), parts }
}

function readTool(entry: JsonObject, index: number): OfferedTool[] {
  const specification = objectAt(entry, 'toolSpec')
  if (specification === undefined) return []
  const name = stringAt(specification, 'name') ?? ''
  const path = `toolConfig.tools.${index + 1}.member.toolSpec.name`
  requireConstraint(namePattern.test(name), name, path, 'satisfy regular expression pattern: [a-zA-Z0-9_-]+')
  const schema = objectAt(specification, 'inputSchema')
  return [
    {
      name,
      description: stringAt(specification, 'description') ?? '',
      parameters: (schema && valueAt(schema, 'json')) ?? {},
    },
  ]
}

function toolPart(entry: JsonObject, model: BedrockModel): ConversePart {
  if (objectAt(entry, 'cachePoint') !== undefined) return cachePointPart(model)
  return { kind: 'text', text: JSON.stringify(entry) }
}

function choose(choice: JsonObject | undefined, tools: readonly OfferedTool[]): ToolUse {
  if (choice === undefined || objectAt(choice, 'auto') !== undefined) return { choice: 'auto', tools }
  if (objectAt(choice, 'any') !== undefined) return { choice: 'required', tools }
  const wanted = objectAt(choice, 'tool')
  const name = wanted && stringAt(wanted, 'name')
  const named = tools.filter((tool) => tool.name === name)
  if (named.length > 0) return { choice: 'named', tools: named }
  throw validationError('The tool named in toolConfig.toolChoice is not one of toolConfig.tools.')
}
