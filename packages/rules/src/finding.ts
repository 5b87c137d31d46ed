import type { SourceId } from './catalog/catalog.generated.js'
import type { Severity } from './vocabulary.js'

/** Where a fact stands: a page, the heading on it, and the GitLab release it describes. */
export interface FactReference {
  /** Id in `catalog.sources`, or the caller's own for facts it adds. */
  readonly source: SourceId | (string & {})
  /** Title of the page. */
  readonly title: string
  /** Address of the page, where it has one. */
  readonly url?: string | undefined
  /** Heading under which the fact stands. */
  readonly heading?: string | undefined
  /** GitLab release the page describes. */
  readonly release?: string | undefined
}

/** One operation of a JSON Patch (RFC 6902). Paths point into the configuration as it was written. */
export type JsonPatchOperation =
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move'; readonly from: string; readonly path: string }
  | { readonly op: 'copy'; readonly from: string; readonly path: string }

/** What to do about a finding. */
export interface Fix {
  /** One sentence in the imperative. */
  readonly description: string
  /** The same as an RFC 6902 patch, where a program can do it without guessing. */
  readonly patch?: readonly JsonPatchOperation[] | undefined
}

/** A place in the configuration's text; both count from 1. */
export interface TextPosition {
  /** Line, from 1. */
  readonly line: number
  /** Column, from 1. */
  readonly column: number
}

/** One thing a rule noticed. */
export interface Finding {
  /** Id of the rule, which is also the stable reason code, such as `endpoint-missing-v1`. */
  readonly rule: string
  /** How much it weighs. Only `error` makes a report not `ok`. */
  readonly severity: Severity
  /** JSON Pointer (RFC 6901) into the configuration as it was written; `''` is the whole of it. */
  readonly path: string
  /** What is wrong, naming the value. Never holds a secret. */
  readonly message: string
  /** How to put it right. */
  readonly fix?: Fix | undefined
  /** What the finding rests on. */
  readonly sources: readonly FactReference[]
  /** Line and column, when the text was given. */
  readonly position?: TextPosition | undefined
}
