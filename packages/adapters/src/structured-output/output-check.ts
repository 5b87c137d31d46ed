import { InvalidRequestError } from '../errors/invalid-request-error.js'
import type { ResponseFormat } from '../message.js'
import { isJsonObject } from '../openai-format/json.js'
import { createSchemaCheck } from './schema-check.js'

/** What is wrong with an answer that should have had a form. It never quotes the answer. */
export interface OutputProblem {
  /** What is wrong, as the end of a sentence that begins with "an answer that". */
  readonly description: string
  /** JSON Pointer to the value in the answer that is wrong; absent where the whole answer is. */
  readonly path?: string
}

/** Looks at a whole answer; `undefined` where it has the form that was asked for. */
export type OutputCheck = (text: string) => OutputProblem | undefined

/**
 * Makes the check of a response format; `undefined` where every text will do. Answers under a grammar are not checked:
 * the dialects of grammars belong to the server.
 * @throws InvalidRequestError for a schema or a pattern that cannot be checked here.
 */
export async function createOutputCheck(format: ResponseFormat | undefined): Promise<OutputCheck | undefined> {
  switch (format?.type) {
    case 'json-object':
      return checkJsonObject
    case 'json-schema':
      return createSchemaCheck(format.schema)
    case 'regex':
      return createPatternCheck(format.pattern)
    case 'choice':
      return createChoiceCheck(format.choices)
    default:
      return undefined
  }
}

/** The value of a JSON text; `undefined` where it is none. Objects inherit nothing, so that only their own members count. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text, (_name, value: unknown) =>
      isJsonObject(value) ? Object.setPrototypeOf(value, null) : value,
    )
  } catch {
    return undefined
  }
}

/** The problem of an answer that is not JSON. */
export const notJson: OutputProblem = { description: 'is not valid JSON' }

function checkJsonObject(text: string): OutputProblem | undefined {
  const value = parseAnswer(text)
  if (value === undefined) return notJson
  return isJsonObject(value) ? undefined : { description: 'is JSON and no object', path: '' }
}

function createChoiceCheck(choices: readonly string[]): OutputCheck {
  const allowed = new Set(choices)
  return (text) =>
    allowed.has(text) ? undefined : { description: `is none of the ${allowed.size} choices, letter by letter` }
}

function createPatternCheck(pattern: string): OutputCheck {
  const expression = compilePattern(pattern)
  return (text) => (expression.test(text) ? undefined : { description: 'does not match the regular expression' })
}

/** The whole answer has to match, as on the server. */
function compilePattern(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch (cause) {
    throw new InvalidRequestError({
      message:
        "The pattern in 'responseFormat' is no regular expression that JavaScript knows, so the answer could not be checked. Write it without extensions of other languages, such as (?P<name>…), or send it unchecked in 'platformOptions'.",
      phase: 'configuration',
      cause,
    })
  }
}
