import * as z from 'zod'
import { configSchema } from './configuration.js'
import { configurationExample } from './configuration-examples.js'
import type { JsonSchema } from './json-schema.js'
import { refineSchema } from './refine-schema.js'
import { shareDefinitions } from './share-definitions.js'

/** Address of the schema: the file that this package publishes. */
const schemaId = 'https://unpkg.com/@duo-models/rules/schemas/duo-models.schema.json'

/**
 * The configuration's shape as JSON Schema (draft 2020-12), for editors and CI. Ids of models and GPUs are offered for
 * completion, and any other name is accepted, as aliases are. What it refuses, `checkConfig` refuses too.
 */
export const configJsonSchema: Readonly<Record<string, unknown>> = /* @__PURE__ */ createSchema()

function createSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...shape } = z.toJSONSchema(configSchema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (isTrimmed(zodSchema)) jsonSchema.pattern ??= '\\S'
    },
  })
  // Of the kinds of schema there are, this library writes those of the type only.
  const refined = refineSchema(shape as JsonSchema)
  return Object.freeze({
    $schema,
    $id: schemaId,
    title: 'duo-models configuration',
    description: 'Which models serve the features of GitLab Duo Self-Hosted: deployments, and features routed to them.',
    examples: [configurationExample],
    ...shareDefinitions(refined),
  })
}

// `trim()` followed by a minimum asks for a character that is no space, which JSON Schema has no word for.
function isTrimmed(schema: z.core.$ZodType): boolean {
  if (!(schema instanceof z.ZodString)) return false
  return (schema._zod.def.checks ?? []).some((check) => check._zod.def.check === 'overwrite')
}
