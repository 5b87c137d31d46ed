import type { PlatformId } from '../vocabulary.js'
import type { ModelId } from './catalog.generated.js'
import type { SourceReference } from './source.js'

/** What is special about one model on one platform. A pair without differences has no record. */
export interface Serving {
  /** The platform. */
  readonly platform: PlatformId
  /** The model. */
  readonly model: ModelId
  /** The documented `vllm serve` command. */
  readonly recipe?: ServeRecipe
  /** Names the model has on Amazon Bedrock. */
  readonly bedrockModels?: readonly BedrockModel[]
}

/** A documented `vllm serve` command, taken apart. */
export interface ServeRecipe extends SourceReference {
  /** The heading above the recipe. It may name another version than the commands serve; the commands count. */
  readonly docHeading: string
  /** The Hugging Face repository that the page clones. */
  readonly huggingFaceId: string
  /** The clone command, with placeholders for user, token and path. */
  readonly download: string
  /** Commands to run in the model's folder before the server starts. */
  readonly preparation: readonly string[]
  /** Positional argument of `vllm serve`, with `<path-to-model>` as placeholder. */
  readonly modelPath: string
  /** Options in documented order; names with dashes, without the leading ones, values as printed. */
  readonly options: readonly ServeOption[]
  /** GPUs that the fixed tensor-parallel size needs; absent where the page leaves the number open. */
  readonly requiredGpus?: number
}

/** One option of `vllm serve`. */
export interface ServeOption {
  /** Name in vLLM's own spelling with dashes: the page writes underscores, which mean the same. */
  readonly name: string
  /** Value as printed, with placeholders in angle brackets. */
  readonly value: string
}

/** A model's names on Amazon Bedrock. */
export interface BedrockModel {
  /** The base model id. */
  readonly modelId: string
  /** Prefixes of the inference profiles known for it, such as `us.`. An open list: new ones appear. */
  readonly profilePrefixes: readonly string[]
  /** `only-with-profile` where most Regions refuse the base id. */
  readonly onDemand: 'yes' | 'only-with-profile'
  /** What is known about its retirement. */
  readonly lifecycle: BedrockLifecycle
}

/** What is known about a Bedrock model's retirement. */
export interface BedrockLifecycle extends SourceReference {
  /** `not-checked`: no source was found; ask `GetFoundationModel`. */
  readonly state: 'active' | 'end-of-life' | 'not-checked'
  /** ISO date after which it is gone from the main Regions. */
  readonly endOfLife?: string
}
