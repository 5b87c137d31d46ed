import { asciiLowerCase } from '../ascii-lower-case.js'
import type { SourceId } from '../catalog/catalog.generated.js'
import { catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import { deepFreeze } from '../catalog/deep-freeze.js'
import { builtInLookup, type CatalogLookup } from '../catalog-lookup.js'
import { parseGitLabVersion } from '../gitlab-version.js'
import type { KnownGpu } from '../hardware-facts.js'
import { nearest } from '../nearest.js'
import type { PlatformId } from '../vocabulary.js'
import type { GpuDefinition, ModelDefinition, PlatformDefinition } from './definitions.js'

/** What a caller adds to the catalog. */
export interface OwnCatalog {
  /** Models by id. */
  readonly models: ReadonlyMap<string, CatalogModel>
  /** Names of platforms by id. */
  readonly platforms: ReadonlyMap<string, string>
  /** GPUs by id. */
  readonly gpus: ReadonlyMap<string, KnownGpu>
  /** Finds names in both. */
  readonly lookup: CatalogLookup
}

/**
 * Joins own definitions with the catalog.
 * @throws TypeError naming the definition that clashes with the catalog or another one, or that holds a wrong value
 */
export function createOwnCatalog(
  models: readonly ModelDefinition[],
  platforms: readonly PlatformDefinition[],
  gpus: readonly GpuDefinition[],
): OwnCatalog {
  const ownPlatforms = new Map(platforms.map(({ id, name = id }) => [id, name] as const))
  refuseKnown('platform', platforms, (id) => Object.hasOwn(catalog.platforms, id))
  refuseKnown('GPU', gpus, (id) => builtInLookup.findGpu(id) !== undefined)
  refuseKnown('model', models, (id) => builtInLookup.findModel(id) !== undefined)
  for (const model of models) checkModel(model, ownPlatforms)
  for (const { id, memoryGB } of gpus)
    if (!(memoryGB > 0 && memoryGB < Number.POSITIVE_INFINITY))
      throw new TypeError(`The GPU '${id}' needs memoryGB: the memory of one GPU in GB, above 0.`)
  const modelsByName = byName(models, modelRecord, 'model')
  const gpusByName = byName(gpus, gpuRecord, 'GPU')
  return {
    models: modelsByName.records,
    platforms: ownPlatforms,
    gpus: gpusByName.records,
    lookup: {
      findModel: (name) => modelsByName.find(name) ?? builtInLookup.findModel(name),
      suggestModels: (name) => [
        ...nearest(name, [...modelsByName.records.keys()]),
        ...builtInLookup.suggestModels(name),
      ],
      findGpu: (name) => gpusByName.find(name) ?? builtInLookup.findGpu(name),
      gpuIds: [...gpusByName.records.keys(), ...builtInLookup.gpuIds],
      platformName: (id) => ownPlatforms.get(id) ?? builtInLookup.platformName(id),
    },
  }
}

function refuseKnown(kind: string, definitions: readonly { readonly id: string }[], isKnown: (id: string) => boolean) {
  const seen = new Set<string>()
  for (const { id } of definitions) {
    if (typeof id !== 'string' || id.trim() === '' || id === '__proto__')
      throw new TypeError(`A ${kind} needs an id: a text that is not empty.`)
    if (isKnown(id)) throw new TypeError(`The ${kind} '${id}' is in the catalog already. Choose another id.`)
    if (seen.has(id)) throw new TypeError(`The ${kind} '${id}' is defined twice.`)
    seen.add(id)
  }
}

function checkModel({ id, platforms, levels, status, since }: ModelDefinition, own: ReadonlyMap<string, string>): void {
  const unknown = platforms.find((platform) => !Object.hasOwn(catalog.platforms, platform) && !own.has(platform))
  if (unknown !== undefined)
    throw new TypeError(`The model '${id}' names the platform '${unknown}', which is neither documented nor defined.`)
  const scale = status === undefined || status === 'generally-available' ? gradedScale : configurableScale
  const wrong = Object.entries(levels).find(([, level]) => !scale.includes(level))
  if (wrong !== undefined)
    throw new TypeError(`The model '${id}' says '${wrong[1]}' for ${wrong[0]}; its status allows ${scale.join(', ')}.`)
  if (since !== undefined && parseGitLabVersion(since) === undefined)
    throw new TypeError(`The model '${id}' holds since '${since}', which is no GitLab version.`)
}

const gradedScale: readonly string[] = ['full', 'partial', 'none', 'not-applicable']
const configurableScale: readonly string[] = ['yes', 'no']

function modelRecord(definition: ModelDefinition): CatalogModel {
  const { id, name = id, familyKey, huggingFaceId, aliases = [], platforms, levels } = definition
  const { status = 'generally-available', since = '0.0', source = 'own-models' } = definition
  const documented = (platform: string): platform is PlatformId => Object.hasOwn(catalog.platforms, platform)
  const otherPlatforms = platforms.filter((platform) => !documented(platform))
  return deepFreeze({
    // The ids and sources of the caller stand beside the catalog's; look-ups take any text.
    id: id as CatalogModel['id'],
    name,
    familyKey,
    ...(huggingFaceId === undefined ? {} : { huggingFaceId }),
    aliases: [...aliases],
    assertions: [
      {
        since,
        family: familyKey,
        status,
        platforms: platforms.filter(documented),
        ...(otherPlatforms.length === 0 ? {} : { otherPlatforms }),
        levels: { ...levels },
        source: source as SourceId,
      },
    ],
  })
}

function gpuRecord({ id, name = id, aliases = [], memoryGB }: GpuDefinition): KnownGpu {
  return deepFreeze({ id, name, aliases: [...aliases], product: id, memoryGB })
}

interface Named<Item> {
  readonly records: ReadonlyMap<string, Item>
  readonly find: (name: string) => Item | undefined
}

function byName<Definition, Item extends { id: string; name: string; aliases: readonly string[] }>(
  definitions: readonly Definition[],
  record: (definition: Definition) => Item,
  kind: string,
): Named<Item> {
  const records = new Map<string, Item>()
  const names = new Map<string, Item>()
  for (const definition of definitions) {
    const item = record(definition)
    records.set(item.id, item)
    for (const name of new Set(namesOf(item))) {
      const taken = names.get(name)
      if (taken !== undefined) throw new TypeError(`The ${kind}s '${taken.id}' and '${item.id}' share a name.`)
      names.set(name, item)
    }
  }
  return { records, find: (name) => (typeof name === 'string' ? names.get(asciiLowerCase(name.trim())) : undefined) }
}

function namesOf(item: { id: string; name: string; aliases: readonly string[]; huggingFaceId?: string }): string[] {
  const { id, name, aliases, huggingFaceId } = item
  return [id, name, ...aliases, ...(huggingFaceId === undefined ? [] : [huggingFaceId])].map((text) =>
    asciiLowerCase(text),
  )
}
