import type { OutputCheck } from '../structured-output/output-check.js'

/** What was found out before a request is sent. Most requests need nothing. */
export interface Preparation {
  /** Members of the body that this server needs, beside or instead of the usual ones. */
  readonly members?: Readonly<Record<string, unknown>>
  /** The check of the whole answer. */
  readonly check?: OutputCheck | undefined
}
