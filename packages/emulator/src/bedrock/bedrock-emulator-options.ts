import type { CommonEmulatorOptions } from '../common-emulator-options.js'

/** How to start an emulated Amazon Bedrock Runtime. Everything but `platform` has a default. */
export interface BedrockEmulatorOptions extends CommonEmulatorOptions {
  /** Speaks the protocol of Amazon Bedrock Runtime, over HTTP/1.1 and HTTP/2 on one port. */
  readonly platform: 'bedrock'
  /** The Region the endpoint pretends to be in; signatures must be scoped to it. Default: `us-east-1`. */
  readonly region?: string | undefined
  /** The key pairs that exist. Default: access key id `test` with secret access key `test`. */
  readonly credentials?: EmulatedAwsCredentials | readonly EmulatedAwsCredentials[] | undefined
  /** Whether the Authorization header is looked at. `false` lets every request pass. Default: `true`. */
  readonly verifySignature?: boolean | undefined
  /** Id of one more model, with the defaults of {@link EmulatedBedrockModel}. */
  readonly model?: string | undefined
  /**
   * Models beside those of the catalog, or, with a catalog model's id, in place of it. Default: the catalog's models, all
   * granted and none retired, so that those can be used that real Bedrock has withdrawn.
   */
  readonly models?: readonly EmulatedBedrockModel[] | undefined
  /** The guardrails that exist, by identifier. Default: none. */
  readonly guardrails?: Readonly<Record<string, EmulatedGuardrail>> | undefined
  /** How far the server's clock is ahead of this machine's, in milliseconds; negative if behind. Default: 0. */
  readonly clockOffsetMs?: number | undefined
}

/** A key pair of an AWS identity. Nothing but this emulator knows it. */
export interface EmulatedAwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** For temporary credentials: the token that must come with each request. Default: none, and then none may come. */
  readonly sessionToken?: string | undefined
  /** Whether the session has expired. Default: `false`. */
  readonly expired?: boolean | undefined
}

/** A foundation model as the account sees it. */
export interface EmulatedBedrockModel {
  /** Model id without a profile's prefix, such as `anthropic.claude-3-7-sonnet-20250219-v1:0`. */
  readonly id: string
  /** Whether the account may use it; `use-case-form` asks for Anthropic's form first. Default: `granted`. */
  readonly access?: 'granted' | 'not-granted' | 'use-case-form' | undefined
  /** Whether the bare id is refused in favour of an inference profile. Default: as documented for catalog models, else `false`. */
  readonly requiresInferenceProfile?: boolean | undefined
  /** Past its end of life, or `legacy`: withdrawn from accounts that did not use it lately. Default: `false`. */
  readonly retired?: boolean | 'legacy' | undefined
  /** Further ids and ARNs that lead to it: application inference profiles, provisioned throughput. Default: none. */
  readonly aliases?: readonly string[] | undefined
  /** Longest prompt and output together, in tokens. Default: as documented for catalog models, else 200,000. */
  readonly contextWindow?: number | undefined
  /** Most tokens one answer may have. Default: as documented for catalog models, else 8,192. */
  readonly maxOutputTokens?: number | undefined
}

/** A guardrail: what it blocks, and what is said instead. It works on requests that name it. */
export interface EmulatedGuardrail {
  /** Words it blocks in prompts and answers, whatever their case. */
  readonly blockedWords: readonly string[]
  /** What stands in place of an answer to a blocked prompt. Default: `Sorry, the model cannot answer this question.` */
  readonly blockedInputMessage?: string | undefined
  /** What stands in place of a blocked answer. Default: `Sorry, the model cannot answer this question.` */
  readonly blockedOutputMessage?: string | undefined
}
