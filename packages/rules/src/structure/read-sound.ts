import { type DeploymentSettings, deploymentSchemas, type GitLabSettings, sectionsSchema } from '../configuration.js'
import { compileReader, isPlain, type Reader, readEntries, unsure } from './compile-reader.js'

/** A configuration whose structure is valid, copied. */
export interface SoundConfiguration {
  /** The `gitlab` section. */
  readonly gitlab?: GitLabSettings | undefined
  /** Names of the deployments; `default` alone when the input is a single deployment. */
  readonly names: readonly string[]
  /** Their settings, in the same order. */
  readonly deployments: readonly DeploymentSettings[]
  /** Deployment names by feature, as written. */
  readonly routes: ReadonlyMap<string, readonly string[]>
  /** Whether the input is a single deployment. */
  readonly single: boolean
}

interface Readers {
  readonly gitlab: Reader
  readonly route: Reader
  readonly deployments: ReadonlyMap<unknown, Reader>
}

let readers: Readers | undefined

/**
 * Reads a configuration that is plainly valid: documented platforms, plain data, no fault. Anything else, hostile input
 * included, gives `undefined` and is for the schemas, which say what is wrong.
 */
export function readSound(input: unknown): SoundConfiguration | undefined {
  try {
    if (!isPlain(input)) return undefined
    readers ??= compileReaders()
    return isSingle(input) ? readSingle(input, readers) : readSections(input, readers)
  } catch {
    // A getter or a proxy threw; the slow way reports where.
    return undefined
  }
}

/** Whether an input is a single deployment and not a configuration with sections. */
export function isSingle(value: Record<string, unknown>): boolean {
  if (!Object.hasOwn(value, 'platform') && !Object.hasOwn(value, 'model')) return false
  return !Object.hasOwn(value, 'deployments') && !Object.hasOwn(value, 'features') && !Object.hasOwn(value, 'gitlab')
}

function compileReaders(): Readers {
  const { gitlab, features } = sectionsSchema.shape
  return {
    gitlab: compileReader(gitlab),
    route: compileReader(features.unwrap().valueType),
    deployments: new Map(Object.entries(deploymentSchemas).map(([id, schema]) => [id, compileReader(schema)])),
  }
}

function readSingle(input: Record<string, unknown>, { deployments }: Readers): SoundConfiguration | undefined {
  const settings = readDeployment(input, deployments)
  if (settings === unsure) return undefined
  return { names: ['default'], deployments: [settings as DeploymentSettings], routes: new Map(), single: true }
}

function readSections(input: Record<string, unknown>, known: Readers): SoundConfiguration | undefined {
  let gitlab: unknown
  const names: string[] = []
  const deployments: DeploymentSettings[] = []
  const routes = new Map<string, readonly string[]>()
  for (const key of Object.keys(input)) {
    const section = input[key]
    if (key === 'gitlab') gitlab = section === undefined ? undefined : known.gitlab(section)
    else if (key === 'deployments') {
      if (section !== undefined && !readDeployments(section, known, names, deployments)) return undefined
    } else if (key !== 'features' || (section !== undefined && !readRoutes(section, known, routes))) return undefined
  }
  return gitlab === unsure
    ? undefined
    : { gitlab: gitlab as GitLabSettings | undefined, names, deployments, routes, single: false }
}

const longestName = 255

function readDeployments(section: unknown, known: Readers, names: string[], into: DeploymentSettings[]): boolean {
  return readEntries(section, (name, entry) => {
    // As if it had not been written, here and for routes: so the slow way takes it too.
    if (entry === undefined) return true
    if (name.length === 0 || name.length > longestName) return false
    const settings = readDeployment(entry, known.deployments)
    if (settings === unsure) return false
    names.push(name)
    into.push(settings as DeploymentSettings)
    return true
  })
}

function readRoutes(section: unknown, known: Readers, into: Map<string, readonly string[]>): boolean {
  return readEntries(section, (feature, entry) => {
    if (entry === undefined) return true
    const route = known.route(entry)
    if (route === unsure) return false
    into.set(feature, typeof route === 'string' ? [route] : (route as readonly string[]))
    return true
  })
}

function readDeployment(entry: unknown, readersByPlatform: ReadonlyMap<unknown, Reader>): unknown {
  if (!isPlain(entry) || !Object.hasOwn(entry, 'platform')) return unsure
  const settings = readersByPlatform.get(entry['platform'])?.(entry) ?? unsure
  if (settings === unsure) return unsure
  // A deployment without either is a fault that the schema of a platform does not know.
  const { model, modelFamily } = settings as DeploymentSettings
  return model === undefined && modelFamily === undefined ? unsure : settings
}
