import type {
  ConfigurableSupportLevel,
  FamilyKey,
  FeatureColumnId,
  GradedSupportLevel,
  SupportStatus,
} from '../vocabulary.js'

/** A model that the catalog does not have: one that runs in your company, or one that is not documented yet. */
export interface ModelDefinition<Id extends string = string, Platform extends string = string> {
  /** Your id: not one of the catalog, nor any other name of a model there. */
  readonly id: Id
  /** Name as people read it. Default: the id. */
  readonly name?: string | undefined
  /** GitLab's family key, which decides the prompts. */
  readonly familyKey: FamilyKey
  /** Hugging Face repository, which is also the default served name on vLLM. */
  readonly huggingFaceId?: string | undefined
  /** Further names that mean exactly this model. */
  readonly aliases?: readonly string[] | undefined
  /** Where it may be served: documented platforms, and your own. */
  readonly platforms: readonly Platform[]
  /** What you promise about it. Default: `generally-available`. */
  readonly status?: SupportStatus | undefined
  /** How well it does each column, in the scale of its status. */
  readonly levels: Readonly<Partial<Record<FeatureColumnId, GradedSupportLevel | ConfigurableSupportLevel>>>
  /** First GitLab release it holds for. Default: every release. */
  readonly since?: string | undefined
  /** Where you decided that: shown as the source of its verdicts. Default: `own-models`. */
  readonly source?: string | undefined
}

/** A platform that the documentation does not name, served by an adapter of your own. */
export interface PlatformDefinition<Id extends string = string> {
  /** Your id: not one of the catalog. */
  readonly id: Id
  /** Name as people read it. Default: the id. */
  readonly name?: string | undefined
}

/** A GPU that the catalog does not have. */
export interface GpuDefinition<Id extends string = string> {
  /** Your id: not one of the catalog, nor any other name of a GPU there. */
  readonly id: Id
  /** Name as people read it. Default: the id. */
  readonly name?: string | undefined
  /** Further names. */
  readonly aliases?: readonly string[] | undefined
  /** Nominal memory of one GPU, in GB. */
  readonly memoryGB: number
}

/**
 * Makes a model for `createRulesEngine({ models: [...] })`, with its id as a literal type.
 *
 * @example
 * const ownCoder = defineModel({
 *   id: 'own-coder-7b',
 *   familyKey: 'general',
 *   platforms: ['vllm'],
 *   levels: { 'code-completion': 'full', 'code-generation': 'partial' },
 * })
 */
export function defineModel<const M extends ModelDefinition>(model: M): M {
  return Object.freeze(model)
}
