import * as z from 'zod'
import { configSchema } from './configuration.js'

/** The configuration's shape as JSON Schema (draft 2020-12), for editors and CI. */
export const configJsonSchema: Readonly<Record<string, unknown>> = /* @__PURE__ */ Object.freeze({
  ...z.toJSONSchema(configSchema, { target: 'draft-2020-12', io: 'input' }),
  title: 'duo-models configuration',
})
