import * as z from 'zod'
import { catalog } from './catalog/catalog.js'
import type { CatalogLookup } from './catalog-lookup.js'
import { documentedFeatures } from './compatibility.js'
import {
  customDeploymentSchema,
  type DeploymentSettings,
  deploymentSchemas,
  type GitLabSettings,
  sectionsSchema,
} from './configuration.js'
import { copyPlainData } from './copy-plain-data.js'
import type { Finding } from './finding.js'
import { jsonPointer } from './json-pointer.js'
import type { ReleaseSelection } from './release-selection.js'
import { readSettings, resolveDeployment } from './resolve-deployment.js'
import type { ResolvedConfiguration, ResolvedDeployment } from './resolved-configuration.js'
import { at, schemaFindings } from './schema-finding.js'
import { showValue } from './show-value.js'
import { isSingle, readSound, type SoundConfiguration } from './structure/read-sound.js'
import type { FeatureId } from './vocabulary.js'

/** What was read of a configuration. */
export interface ReadConfiguration {
  /** Every part whose structure could be read. */
  readonly configuration: ResolvedConfiguration
  /** Whether that is all of it. */
  readonly complete: boolean
  /** Structural faults. */
  readonly findings: readonly Finding[]
  /** Names of all deployments, unreadable ones included. */
  readonly deploymentNames: readonly string[]
  /** Routes as written. Empty for a single deployment, whose features are implied. */
  readonly routes: ReadonlyMap<string, readonly string[]>
  /** True when the input is a single deployment. */
  readonly single: boolean
}

interface Reading {
  readonly findings: Finding[]
  readonly platforms: readonly string[]
  readonly lookup: CatalogLookup
}

type Sections = z.output<typeof sectionsSchema>

/** Reads any input into as much of a configuration as its structure allows. Never throws. */
export function readConfiguration(
  input: unknown,
  platforms: readonly string[],
  releaseFor: (gitlab: GitLabSettings | undefined) => ReleaseSelection,
  lookup: CatalogLookup,
): ReadConfiguration {
  const sound = readSound(input)
  return sound === undefined
    ? readAnything(input, platforms, releaseFor, lookup)
    : completeReading(sound, releaseFor, lookup)
}

/** The same in one way for every input: slower, and able to say what is wrong. */
export function readAnything(
  input: unknown,
  platforms: readonly string[],
  releaseFor: (gitlab: GitLabSettings | undefined) => ReleaseSelection,
  lookup: CatalogLookup,
): ReadConfiguration {
  const { value, problems } = copyPlainData(input)
  const findings = problems.map(
    ({ rule, path, message }): Finding => ({ rule, severity: 'error', path: jsonPointer(path), message, sources: [] }),
  )
  const reading: Reading = { findings, platforms, lookup }
  if (!isRecord(value)) {
    if (problems.length === 0) findings.push(notAnObject(value))
    return { ...nothingRead, findings }
  }
  return isSingle(value) ? readSingle(value, reading, releaseFor) : readSections(value, reading)
}

const nothingRead = {
  configuration: { deployments: {}, features: {} },
  complete: false,
  deploymentNames: [],
  routes: new Map<string, readonly string[]>(),
  single: false,
}

const noFindings: readonly Finding[] = Object.freeze([])

function completeReading(
  { gitlab, names, deployments: written, routes, single }: SoundConfiguration,
  releaseFor: (gitlab: GitLabSettings | undefined) => ReleaseSelection,
  lookup: CatalogLookup,
): ReadConfiguration {
  const deployments: Record<string, ResolvedDeployment> = {}
  for (let index = 0; index < written.length; index += 1) {
    const [name, settings] = [names[index], written[index]]
    if (name !== undefined && settings !== undefined) deployments[name] = resolveDeployment(name, settings, lookup)
  }
  const features = single ? impliedFeatures(deployments['default'], releaseFor(undefined)) : knownRoutes(routes)
  const configuration = gitlab === undefined ? { deployments, features } : { gitlab, deployments, features }
  return { configuration, complete: true, findings: noFindings, deploymentNames: names, routes, single }
}

function impliedFeatures(
  deployment: ResolvedDeployment | undefined,
  release: ReleaseSelection,
): Partial<Record<FeatureId, readonly string[]>> {
  const features: Partial<Record<FeatureId, readonly string[]>> = {}
  if (deployment?.model === undefined) return features
  for (const id of documentedFeatures(deployment.model, release)) features[id] = ['default']
  return features
}

function readSingle(
  value: Record<string, unknown>,
  reading: Reading,
  releaseFor: (gitlab: GitLabSettings | undefined) => ReleaseSelection,
): ReadConfiguration {
  const deployment = readDeployment('default', value, [], reading)
  return {
    configuration: {
      deployments: deployment === undefined ? {} : { default: deployment },
      features: impliedFeatures(deployment, releaseFor(undefined)),
    },
    complete: reading.findings.length === 0,
    findings: reading.findings,
    deploymentNames: ['default'],
    routes: new Map(),
    single: true,
  }
}

function readSections(value: Record<string, unknown>, reading: Reading): ReadConfiguration {
  const sections = parseSections(value, reading)
  const written = sections?.deployments ?? {}
  const deployments: Record<string, ResolvedDeployment> = {}
  for (const [name, raw] of Object.entries(written)) {
    const deployment = readDeployment(name, raw, ['deployments', name], reading)
    if (deployment !== undefined) deployments[name] = deployment
  }
  const routes = routesOf(sections?.features ?? {})
  const gitlab = sections?.gitlab
  return {
    configuration: { ...(gitlab === undefined ? {} : { gitlab }), deployments, features: knownRoutes(routes) },
    complete: reading.findings.length === 0,
    findings: reading.findings,
    deploymentNames: Object.keys(written),
    routes,
    single: false,
  }
}

function parseSections(value: Record<string, unknown>, { findings }: Reading): Sections | undefined {
  const result = sectionsSchema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) findings.push(...schemaFindings(issue, value, [], sectionKeys))
  return sectionsSchema.safeParse(withoutFaults(value, result.error.issues)).data
}

function readDeployment(
  name: string,
  raw: unknown,
  base: readonly string[],
  { findings, platforms, lookup }: Reading,
): ResolvedDeployment | undefined {
  const platform = at(raw, ['platform'])
  const schema = schemaFor(platform)
  const keys = (path: readonly PropertyKey[]) => keysOf(schema, path)
  const result = schema.safeParse(raw)
  if (!result.success) for (const issue of result.error.issues) findings.push(...schemaFindings(issue, raw, base, keys))
  const sound = result.success ? raw : withoutFaults(raw, result.error.issues)
  const settings = result.success ? (result.data as DeploymentSettings) : readSettings(sound)
  if (settings === undefined) return undefined
  if (settings.model === undefined && settings.modelFamily === undefined) {
    if (result.success) findings.push(missingModel(base))
    return undefined
  }
  // What lacks a required key is nothing the rules could judge without guessing.
  if (!result.success && !schema.safeParse(sound).success) return undefined
  if (!isDocumented(settings.platform) && !platforms.includes(settings.platform))
    return { ...resolveDeployment(name, settings, lookup), endpoints: [] }
  return resolveDeployment(name, settings, lookup)
}

function schemaFor(platform: unknown): z.ZodObject {
  return isDocumented(platform) ? deploymentSchemas[platform] : customDeploymentSchema
}

function isDocumented(platform: unknown): platform is keyof typeof deploymentSchemas {
  return typeof platform === 'string' && Object.hasOwn(deploymentSchemas, platform)
}

function missingModel(base: readonly string[]): Finding {
  return {
    rule: 'config-missing-key',
    severity: 'error',
    path: jsonPointer([...base, 'model']),
    message: "'model' is missing.",
    fix: { description: "Name the model, such as 'codestral-22b-v0.1', or at least its modelFamily." },
    sources: [],
  }
}

function routesOf(features: Readonly<Record<string, string | string[]>>): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(features).map(([name, route]) => [name, typeof route === 'string' ? [route] : route] as const),
  )
}

function knownRoutes(routes: ReadonlyMap<string, readonly string[]>): Partial<Record<FeatureId, readonly string[]>> {
  const known: Record<string, readonly string[]> = {}
  const { features } = catalog
  for (const [name, route] of routes) if (Object.hasOwn(features, name)) known[name] = route
  return known
}

function notAnObject(value: unknown): Finding {
  return {
    rule: 'config-wrong-type',
    severity: 'error',
    path: '',
    message: `The configuration is ${value === undefined ? 'missing' : showValue(value)}; expected is an object.`,
    fix: { description: 'Write sections gitlab, deployments and features, or a single deployment.' },
    sources: [],
  }
}

/** The value without what the schema objected to, so that the rules can still judge the rest. */
function withoutFaults(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(value)
  for (const issue of issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
    for (const path of keys) removeAt(copy, path)
  }
  return copy
}

function removeAt(root: unknown, path: readonly PropertyKey[]): void {
  const parent = at(root, path.slice(0, -1))
  const key = path.at(-1)
  if (key !== undefined && isRecord(parent)) Reflect.deleteProperty(parent, key)
}

function sectionKeys(path: readonly PropertyKey[]): readonly string[] {
  return keysOf(sectionsSchema, path)
}

/** The keys a schema knows under a path; empty where it takes any. */
function keysOf(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: z.core.$ZodType | undefined = schema
  for (const key of path) current = childOf(current, key)
  const inner = current === undefined ? undefined : unwrap(current)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

function childOf(schema: z.core.$ZodType | undefined, key: PropertyKey): z.core.$ZodType | undefined {
  const inner = schema === undefined ? undefined : unwrap(schema)
  return inner instanceof z.ZodObject ? inner.shape[String(key)] : undefined
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
