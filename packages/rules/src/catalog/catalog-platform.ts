import type { PlatformId } from '../vocabulary.js'
import type { SourceReference } from './source.js'

/** A serving platform, whichever model it runs. */
export interface CatalogPlatform {
  /** Id, as configurations name it. */
  readonly id: PlatformId
  /** Name in the documentation. */
  readonly name: string
  /** Further spellings on the pages and in GitLab. */
  readonly aliases: readonly string[]
  /** `self-hosted` runs on the administrator's hardware, `cloud` on the provider's. */
  readonly kind: 'self-hosted' | 'cloud'
  /** What the documentation asks for. Empty where it asks for nothing. */
  readonly requirements: PlatformRequirements
  /** The prefix of a GitLab model identifier, such as `custom_openai`. */
  readonly identifierProvider: string
  /** Things to know that are no requirement. */
  readonly notes: readonly PlatformNote[]
  /** Where the platform is documented. */
  readonly sources: readonly SourceReference[]
}

/** What a platform needs. */
export interface PlatformRequirements {
  /** Oldest advised server version, ordered by PEP 440. Oldest record first. */
  readonly minimumVersions: readonly MinimumVersion[]
  /** Environment variables that identify the AI gateway to the platform. */
  readonly credentials: readonly CredentialVariable[]
}

/** The oldest advised server version from one GitLab release on. */
export interface MinimumVersion extends SourceReference {
  /** First GitLab release it holds for. */
  readonly since: string
  /** The version, without a leading `v`. */
  readonly version: string
  /** `advised`: the page says should. `required`: it says must. */
  readonly strength: 'advised' | 'required'
}

/** An environment variable with a part of the platform's credentials. */
export interface CredentialVariable extends SourceReference {
  /** What it holds. */
  readonly meaning: 'access-key-id' | 'secret-access-key' | 'region'
  /** Its names, the preferred one first. */
  readonly names: readonly string[]
  /** Whose environment it belongs to. */
  readonly environment: 'ai-gateway'
}

/** A documented remark about a platform. */
export interface PlatformNote extends SourceReference {
  /** Short stable name. */
  readonly id: string
  /** The remark. */
  readonly text: string
}
