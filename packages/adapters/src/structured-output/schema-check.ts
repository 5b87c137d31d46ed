import type { Schema, SchemaDraft } from '@cfworker/json-schema'
import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { notJson, type OutputCheck, type OutputProblem, parseAnswer } from './output-check.js'

/** A path of property names from the answer is quoted up to this length. */
const maxPathLength = 200

/**
 * Makes the check of a JSON Schema: drafts 4, 7, 2019-09 and 2020-12 by its `$schema`, 2020-12 without one. The validator is
 * loaded on first use.
 * @throws InvalidRequestError for a schema that cannot be used.
 */
export async function createSchemaCheck(schema: Readonly<Record<string, unknown>>): Promise<OutputCheck> {
  const { Validator } = await import('@cfworker/json-schema')
  try {
    // The validator writes into the schema it is given. A copy through JSON is also what the server gets to see.
    const copy = JSON.parse(JSON.stringify(schema)) as Schema
    const validator = new Validator(copy, draftOf(schema))
    validator.validate({})
    return (text) => check(text, (value) => validator.validate(value).errors)
  } catch (cause) {
    throw unusableSchema(cause)
  }
}

interface SchemaFault {
  readonly keyword: string
  readonly instanceLocation: string
}

function check(text: string, validate: (value: unknown) => readonly SchemaFault[]): OutputProblem | undefined {
  const value = parseAnswer(text)
  if (value === undefined) return notJson
  try {
    return describeFault(validate(value))
  } catch {
    return { description: 'could not be checked against the schema: it is nested too deeply' }
  }
}

/** The innermost fault says most; those around it only repeat that something inside is wrong. */
function describeFault(faults: readonly SchemaFault[]): OutputProblem | undefined {
  const innermost = faults.reduce<SchemaFault | undefined>(
    (deepest, fault) => (deepest && depth(deepest) >= depth(fault) ? deepest : fault),
    undefined,
  )
  if (!innermost) return undefined
  const path = innermost.instanceLocation.replace(/^#/, '').slice(0, maxPathLength)
  const place = path === '' ? 'at its top' : `at ${path}`
  return { description: `does not fit the schema ${place} (${innermost.keyword})`, path }
}

function depth(fault: SchemaFault): number {
  return fault.instanceLocation.split('/').length
}

function draftOf({ $schema }: Readonly<Record<string, unknown>>): SchemaDraft {
  const name = typeof $schema === 'string' ? $schema : ''
  if (name.includes('draft-04')) return '4'
  if (name.includes('draft-06') || name.includes('draft-07')) return '7'
  return name.includes('2019-09') ? '2019-09' : '2020-12'
}

function unusableSchema(cause: unknown): InvalidRequestError {
  const reason = cause instanceof Error ? cause.message.slice(0, 200) : String(cause)
  return new InvalidRequestError({
    message: `The schema in 'responseFormat' cannot be used: ${reason}`,
    phase: 'configuration',
    cause,
  })
}
