import type { GpuId, ModelId } from '../catalog/catalog.generated.js'
import { type Catalog, catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import { builtInRules } from '../checks/index.js'
import { type CompatibilityQuestion, compatibility, describeFeature } from '../compatibility.js'
import type { FeatureVerdict } from '../feature-verdict.js'
import type { KnownGpu } from '../hardware-facts.js'
import { knownFamilyOf } from '../product-gate.js'
import { selectRelease } from '../release-selection.js'
import type { Report } from '../report.js'
import { type CheckConfigOptions, type ConfigurationResult, resolveWith } from '../resolve-configuration.js'
import type { Rule } from '../rule.js'
import { type ModelFilter, type ModelMatch, selectFrom } from '../select-models.js'
import type { FeatureId, PlatformId } from '../vocabulary.js'
import type { GpuDefinition, ModelDefinition, PlatformDefinition } from './definitions.js'
import { createOwnCatalog, type OwnCatalog } from './own-catalog.js'

/** What to add to the catalog and to the built-in rules. */
export interface RulesEngineOptions<
  M extends readonly ModelDefinition[],
  P extends readonly PlatformDefinition[],
  G extends readonly GpuDefinition[],
> {
  /** Further models; see `defineModel`. */
  readonly models?: M | undefined
  /** Further platforms. Their deployments may have any settings beside the common ones. */
  readonly platforms?: P | undefined
  /** Further GPUs. */
  readonly gpus?: G | undefined
  /** Further rules, which run after the built-in ones and have the same rights; see `defineRule`. */
  readonly rules?: readonly Rule[] | undefined
}

/** The functions of this package over an extended catalog. */
export interface RulesEngine<Model extends string, Platform extends string, GpuName extends string> {
  /** The catalog with what was added. */
  readonly catalog: Omit<Catalog, 'models' | 'gpus'> & {
    readonly models: Readonly<Record<Model, CatalogModel>>
    readonly gpus: Catalog['gpus'] & Readonly<Record<GpuName, KnownGpu>>
    /** Names of the platforms that were added, by id. */
    readonly ownPlatforms: Readonly<Record<string, string>>
  }
  /** All rules, in the order they run. */
  readonly rules: readonly Rule[]
  /** Like `findModel`, own models included. */
  findModel(
    name: string,
  ): { readonly model: CatalogModel } | { readonly suggestions: readonly Model[]; readonly model?: undefined }
  /** Like `compatibility`, with the reasons of own rules that look at models and features. */
  compatibility(question: {
    readonly model: Model
    readonly feature: FeatureId
    readonly platform?: Platform | undefined
    readonly release?: string | undefined
  }): FeatureVerdict
  /** Like `selectModels`, own models last. */
  selectModels(
    filter?: Omit<ModelFilter, 'platform' | 'fitsOn'> & {
      readonly platform?: Platform | undefined
      readonly fitsOn?: { readonly gpu: GpuName | (string & {}); readonly gpuCount: number } | undefined
    },
  ): ModelMatch[]
  /** Like `checkConfig`. `options.rules` replaces all rules, `options.platforms` adds to those of the engine. */
  checkConfig(input: unknown, options?: CheckConfigOptions): Report
  /** Like `resolveConfiguration`. */
  resolveConfiguration(input: unknown, options?: CheckConfigOptions): ConfigurationResult
}

/**
 * Makes the functions of this package over a catalog with models, platforms, GPUs and rules of your own. Nothing is
 * registered anywhere: two engines know nothing of each other.
 *
 * @example
 * const engine = createRulesEngine({
 *   models: [defineModel({ id: 'own-coder-7b', familyKey: 'general', platforms: ['vllm'], levels: { 'code-completion': 'full' } })],
 *   rules: [defineRule({ … })],
 * })
 * engine.compatibility({ model: 'own-coder-7b', feature: 'code-completion' }).level // 'full'
 *
 * @throws TypeError when an id or name is taken, or a definition holds a wrong value
 */
export function createRulesEngine<
  const M extends readonly ModelDefinition[] = readonly [],
  const P extends readonly PlatformDefinition[] = readonly [],
  const G extends readonly GpuDefinition[] = readonly [],
>(
  options: RulesEngineOptions<M, P, G> = {},
): RulesEngine<ModelId | M[number]['id'], PlatformId | P[number]['id'], GpuId | G[number]['id']> {
  const { models = [], platforms = [], gpus = [], rules: ownRules = [] } = options
  const own = createOwnCatalog(models, platforms, gpus)
  const rules = joinRules(ownRules)
  const ask = createCompatibility(own, rules)
  const resolve = (input: unknown, { platforms: more = [], ...rest }: CheckConfigOptions = {}) =>
    resolveWith(own.lookup, input, { rules, ...rest, platforms: [...own.platforms.keys(), ...more] })
  const allModels = [...Object.values(catalog.models), ...own.models.values()]
  return Object.freeze({
    catalog: extendCatalog(own),
    rules,
    findModel: (name: string) => {
      const model = own.lookup.findModel(name)
      return model === undefined ? { suggestions: own.lookup.suggestModels(name).slice(0, 3) } : { model }
    },
    compatibility: ask,
    selectModels: (filter: object = {}) =>
      selectFrom(allModels, filter, { compatibility: ask, findGpu: own.lookup.findGpu }),
    checkConfig: (input: unknown, checkOptions?: CheckConfigOptions) => resolve(input, checkOptions).report,
    resolveConfiguration: resolve,
  }) as RulesEngine<ModelId | M[number]['id'], PlatformId | P[number]['id'], GpuId | G[number]['id']>
}

function joinRules(own: readonly Rule[]): readonly Rule[] {
  if (own.length === 0) return builtInRules
  const ids = new Set(builtInRules.map(({ id }) => id))
  for (const { id } of own) {
    if (ids.has(id)) throw new TypeError(`The rule '${id}' is there already. Choose another id.`)
    ids.add(id)
  }
  return Object.freeze([...builtInRules, ...own])
}

function extendCatalog({ models, gpus, platforms }: OwnCatalog) {
  const { models: _models, gpus: _gpus, ...tables } = Object.getOwnPropertyDescriptors(catalog)
  // Copied as getters, so that a table is still frozen when it is first read.
  const extended: Omit<Catalog, 'models' | 'gpus'> = Object.defineProperties({} as Catalog, tables)
  return Object.freeze(
    Object.assign(extended, {
      models: Object.freeze({ ...catalog.models, ...Object.fromEntries(models) }),
      gpus: Object.freeze({ ...catalog.gpus, ...Object.fromEntries(gpus) }),
      ownPlatforms: Object.freeze(Object.fromEntries(platforms)),
    }),
  )
}

const maxRemembered = 10_000

function createCompatibility(own: OwnCatalog, rules: readonly Rule[]) {
  const remembered = new Map<string, FeatureVerdict>()
  const sameRules = rules.every(
    (rule) => rule.scope === 'configuration' || rule.scope === 'deployment' || isBuiltIn(rule),
  )
  return ({ model: name, feature, platform, release }: QuestionOfAnyId): FeatureVerdict => {
    const model =
      own.models.get(name) ?? (own.platforms.has(platform ?? '') || !sameRules ? own.lookup.findModel(name) : undefined)
    if (model === undefined || !Object.hasOwn(catalog.features, feature))
      return compatibility({ model: name, feature, platform, release } as CompatibilityQuestion)
    const key = JSON.stringify([model.id, feature, platform, release])
    const before = remembered.get(key)
    if (before !== undefined) return before
    const verdict = describeFeature(
      {
        release: selectRelease(release),
        releaseStated: true,
        lookup: own.lookup,
        modelName: name,
        model,
        family: knownFamilyOf(model),
        feature: catalog.features[feature],
        // A platform that the caller adds is on no page: the model's own level counts, unless it is an own model too.
        ...(platform === undefined || (own.platforms.has(platform) && lists(model, platform)) ? {} : { platform }),
      },
      rules,
    )
    if (remembered.size >= maxRemembered) remembered.clear()
    remembered.set(key, verdict)
    return verdict
  }
}

interface QuestionOfAnyId {
  readonly model: string
  readonly feature: FeatureId
  readonly platform?: string | undefined
  readonly release?: string | undefined
}

// Only an own model can list an own platform; about the others no page speaks.
function lists(model: CatalogModel, platform: string): boolean {
  if (Object.hasOwn(catalog.models, model.id)) return true
  return model.assertions.some(({ otherPlatforms = [] }) => otherPlatforms.includes(platform))
}

function isBuiltIn(rule: Rule): boolean {
  return builtInRules.includes(rule)
}
