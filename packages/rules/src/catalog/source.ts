import type { SourceId } from './catalog.generated.js'

/** A page, file or log that facts come from. */
export interface Source {
  /** Id, as facts name it. */
  readonly id: SourceId
  /** Title of the page. */
  readonly title: string
  /** Address, where the page has one. */
  readonly url?: string
  /** Repository the text was read from, `owner/name`. */
  readonly repository?: string
  /** Path in that repository. */
  readonly repositoryPath?: string
  /** Commit of that repository. */
  readonly commit?: string
  /** GitLab release the page describes. */
  readonly release?: string
  /** `documented`: a page says so. `unverified`: general knowledge that no page confirmed. */
  readonly standing: 'documented' | 'unverified'
  /** What to know before relying on it. */
  readonly note?: string
}

/** Where a fact stands. */
export interface SourceReference {
  /** Id of the source. */
  readonly source: SourceId
  /** Heading on the page. */
  readonly heading?: string
}

/** Two sources, or two places of one, that do not agree, and what this catalog does about it. */
export interface SourceConflict {
  /** Stable id, such as `mixtral-8x7b-memory`. */
  readonly id: string
  /** Running number: 1 to 25 are about the 18.2 models page and the 17.9 platforms page, the others about further releases. */
  readonly number: number
  /** What disagrees, in one sentence. */
  readonly summary: string
  /** Every side, with the value it states. */
  readonly sides: readonly ConflictSide[]
  /** What this catalog does. It never picks a side silently. */
  readonly decision: string
  /** Every source that takes part. */
  readonly sources: readonly SourceReference[]
}

/** One side of a conflict. */
export interface ConflictSide {
  /** Who says it, or what it was derived from. */
  readonly says: string
  /** The value, as stated. */
  readonly value: string | number
}
