import { features, gpuIds, models } from './catalog/catalog.generated.js'
import { propertyExamples } from './configuration-examples.js'
import type { JsonSchema } from './json-schema.js'

/**
 * Adds what editors show: examples, ids to complete and a property per feature. Requires of a deployment that it names
 * its model or its family.
 */
export function refineSchema(schema: JsonSchema): JsonSchema {
  return refine(schema, [])
}

function refine(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const { properties, anyOf, oneOf, additionalProperties, ...rest } = schema
  const refined: JsonSchema = withHints(rest, path)
  const branches = (list: readonly JsonSchema[]) => list.map((branch) => refine(branch, []))
  if (properties !== undefined) refined.properties = refineProperties(properties, path)
  if (anyOf !== undefined) refined.anyOf = branches(anyOf)
  if (oneOf !== undefined) refined.oneOf = branches(oneOf)
  if (additionalProperties !== undefined) refined.additionalProperties = refineOther(additionalProperties)
  if (path.at(-1) === 'features') return withFeatureNames(refined)
  return isDeployment(refined) ? { ...refined, ...namesItsModel } : refined
}

function refineProperties(properties: Record<string, JsonSchema>, path: readonly string[]): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, refine(child, [...path, name])]))
}

// What a map holds, and the branches of a union, are no properties by name.
function refineOther(other: JsonSchema | boolean): JsonSchema | boolean {
  return typeof other === 'boolean' ? other : refine(other, [])
}

function withHints(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const name = path.slice(-2).join('.')
  const last = path.at(-1) ?? ''
  const examples = propertyExamples[name] ?? propertyExamples[last]
  const offered = Object.hasOwn(offeredIds, last) ? offeredIds[last]?.() : undefined
  const hinted = examples === undefined ? schema : { ...schema, examples }
  return offered === undefined ? hinted : offering(hinted, offered)
}

const offeredIds: Readonly<Record<string, () => readonly string[]>> = { model: modelNames, gpu: () => gpuIds }

/** Ids first, then the names the documentation and Hugging Face use. */
function modelNames(): readonly string[] {
  const records = Object.values(models)
  const names = records.flatMap(({ name, huggingFaceId, aliases }) => [name, huggingFaceId, ...aliases])
  return [...new Set([...records.map(({ id }) => id), ...names.filter((name) => name !== undefined)])]
}

function offering({ type, minLength, pattern, ...rest }: JsonSchema, ids: readonly string[]): JsonSchema {
  return { ...rest, anyOf: [{ enum: [...ids] }, { type, minLength, pattern }] }
}

// Editors complete properties, and not what a rule about property names allows.
function withFeatureNames({ propertyNames, additionalProperties, ...rest }: JsonSchema): JsonSchema {
  if (typeof additionalProperties !== 'object') return { ...rest, additionalProperties: additionalProperties ?? false }
  const route = additionalProperties
  const properties = Object.entries(features).map(
    ([id, { title }]) => [id, { ...route, description: `Deployments that serve ${title}: one, or a list.` }] as const,
  )
  return { ...rest, properties: Object.fromEntries(properties), additionalProperties: false }
}

function isDeployment({ properties }: JsonSchema): boolean {
  return properties?.['platform']?.const !== undefined
}

const namesItsModel = { anyOf: [{ required: ['model'] }, { required: ['modelFamily'] }] }
