import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parseAllDocuments } from 'yaml'

interface Definition {
  readonly inlines?: string
  readonly properties: Readonly<Record<string, unknown>>
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))
const kubernetes: Readonly<Record<string, Definition>> = read('kubernetes-1.33.schema.json').definitions
const customResources: Readonly<Record<string, Definition>> = read('custom-resources.schema.json').definitions

const definitions = { ...kubernetes, ...Object.fromEntries(Object.entries(customResources).map(withInlined)) }

function withInlined([name, definition]: [string, Definition]): [string, unknown] {
  const { inlines, ...rest } = definition
  const inlined = inlines === undefined ? {} : kubernetes[inlines]?.properties
  return [name, { ...rest, properties: { ...inlined, ...rest.properties } }]
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
const { $schema: _, ...composeSchema } = read('compose-spec.schema.json')
const validateCompose = ajv.compile(composeSchema)
const validators: Readonly<Record<string, ReturnType<typeof ajv.compile>>> = Object.fromEntries(
  Object.entries({
    'apps/v1 Deployment': 'apps.Deployment',
    'v1 Service': 'core.Service',
    'v1 PersistentVolumeClaim': 'core.PersistentVolumeClaim',
    'policy/v1 PodDisruptionBudget': 'policy.PodDisruptionBudget',
    'leaderworkerset.x-k8s.io/v1 LeaderWorkerSet': 'lws.LeaderWorkerSet',
    'serving.kserve.io/v1beta1 InferenceService': 'kserve.InferenceService',
  }).map(([kind, name]) => [kind, ajv.compile({ $ref: `#/definitions/${name}`, definitions })]),
)

/** A document that was read from YAML. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into documents by path
export type Document = any

/** The documents of a YAML text, which has to be free of errors and warnings. */
export function documentsOf(text: string): readonly Document[] {
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents)) throw new Error('The text holds no document.')
  return documents.map((document) => {
    const [fault] = [...document.errors, ...document.warnings]
    if (fault !== undefined) throw fault
    return document.toJS()
  })
}

/** What the schemas of Kubernetes, LeaderWorkerSet and KServe object to in a manifest. */
export function manifestFaults(document: Document): readonly unknown[] {
  const kind = `${document.apiVersion} ${document.kind}`
  const validate = Object.hasOwn(validators, kind) ? validators[kind] : undefined
  if (validate === undefined) return [`There is no schema for ${kind}.`]
  validate(document)
  return validate.errors ?? []
}

/** What the schema of the Compose Specification objects to. */
export function composeFaults(document: Document): readonly unknown[] {
  validateCompose(document)
  return validateCompose.errors ?? []
}
