import type { CommonEmulatorOptions } from '../common-emulator-options.js'

/** How to start an emulated Azure OpenAI resource. Everything but `platform` has a default. */
export interface AzureOpenAIEmulatorOptions extends CommonEmulatorOptions {
  /** Speaks the protocol of an Azure OpenAI resource: dated API versions and `/openai/v1`. */
  readonly platform: 'azure-openai'
  /** Name of a model that is deployed under its own name. Default: with neither `model` nor `deployments`, the catalog's models are. */
  readonly model?: string | undefined
  /** The deployments of the resource, by name. Default: see `model`. */
  readonly deployments?: Readonly<Record<string, EmulatedAzureDeployment>> | undefined
  /** The dated API versions that exist. Default: those that were public in 2025, from `2023-05-15` on. */
  readonly apiVersions?: readonly string[] | undefined
  /** The Microsoft Entra ID token or tokens that are known. Default: none; with neither these nor `apiKey`, every token passes. */
  readonly entraToken?: string | EmulatedEntraToken | readonly (string | EmulatedEntraToken)[] | undefined
  /** Whether API keys may be used at all; resources can switch them off. Default: `true`. */
  readonly keyAuthentication?: boolean | undefined
  /**
   * `default` annotates prompt and answer as they go, `asynchronous` annotates the answer later and in chunks of their own,
   * `unavailable` reports that the filter was down and delivers unfiltered, `off` does nothing. Default: `default`.
   */
  readonly contentFilter?: 'default' | 'asynchronous' | 'unavailable' | 'off' | undefined
  /** Words that are filtered, by category, whatever their case. In a prompt they are a 400, in an answer its end. Default: none. */
  readonly filteredWords?: Readonly<Partial<Record<ContentFilterCategory, readonly string[]>>> | undefined
  /**
   * How the 400 of a filtered prompt spells its details: `wire` as servers send it (`innererror` with
   * `content_filter_result`), `specification` as the API specification does (`inner_error` with `content_filter_results`),
   * `none` without them. Default: `wire`.
   */
  readonly innerErrorSpelling?: 'wire' | 'specification' | 'none' | undefined
}

/** What the content filter looks for. The first four have a severity, the others are found or not. */
export type ContentFilterCategory =
  | 'hate'
  | 'self_harm'
  | 'sexual'
  | 'violence'
  | 'jailbreak'
  | 'profanity'
  | 'protected_material_text'

/** A deployment: a model under a name, with what it may be asked for. */
export interface EmulatedAzureDeployment {
  /** The model, as Azure names it: `gpt-4o`, `o3-mini`, `gpt-35-turbo-instruct`. Decides which parameters are accepted. */
  readonly model: string
  /** The model's version, such as `2024-08-06`. Default: the one in use for known models, else none. */
  readonly modelVersion?: string | undefined
  /** Requests a minute. More are refused, counted over 10 seconds. Default: no limit. */
  readonly requestsPerMinute?: number | undefined
  /** Tokens a minute, estimated from prompt and limit as Azure does. More are refused. Default: no limit. */
  readonly tokensPerMinute?: number | undefined
  /** Whether it is provisioned throughput: a refusal then names its wait in milliseconds. Default: `false`. */
  readonly provisioned?: boolean | undefined
  /** Longest prompt and output together, in tokens. Default: the model's, or 128,000. */
  readonly contextWindow?: number | undefined
}

/** A token of Microsoft Entra ID. Nothing but this emulator knows it. */
export interface EmulatedEntraToken {
  readonly token: string
  /** `expired` and `wrong-audience` tokens are not accepted; `no-role` is, but may not call deployments. Default: `valid`. */
  readonly state?: 'valid' | 'expired' | 'wrong-audience' | 'no-role' | undefined
}
