import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configJsonSchema } from '../src/config-json-schema.js'

const target = fileURLToPath(new URL('../schemas/duo-models.schema.json', import.meta.url))

/** The text of the published JSON Schema. */
export function generateSchema(): string {
  return `${JSON.stringify(configJsonSchema, null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, generateSchema())
