import type { ModelRequest } from '../model-request.js'
import type { Priority } from '../scheduling/priority.js'
import type { BatchProgress } from './batch-progress.js'

/** A request of a batch with a name of the caller's own, which its result repeats. */
export interface BatchItem {
  /** Any text; two items may have the same. */
  readonly id?: string | undefined
  readonly request: ModelRequest
}

/** What a batch is made of: requests, or requests with an id. */
export type BatchInput = ModelRequest | BatchItem

/** How a batch runs. */
export interface BatchOptions {
  /**
   * Most requests under way at once, those that wait for their turn included.
   * @default as many as the servers can use, which changes while the batch runs
   */
  readonly concurrency?: number | undefined
  /**
   * Whether the batch makes way for others: see `priority` of a call.
   * @default 'background'
   */
  readonly priority?: Priority | undefined
  /**
   * Whether results come in the order of the requests, or as they complete. Either way at most twice `concurrency`
   * requests are ahead of the reader, so an ordered batch may wait for a slow one.
   * @default true
   */
  readonly ordered?: boolean | undefined
  /**
   * Whether the servers stream the answers. Times to the first token are then measured and the token limits of
   * `timeouts` guard every answer; on the other hand an answer that breaks off after it began is not asked for again.
   * @default false
   */
  readonly stream?: boolean | undefined
  /**
   * How many requests there are, for `progress.total` and `progress.etaMs`.
   * @default the length of a list, the size of a set or a map; unknown otherwise
   */
  readonly total?: number | undefined
  /**
   * Told how far the batch is, when a request ends but not more often than `progressIntervalMs`, and once at the end.
   * What it throws ends the batch and reaches the reader.
   */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined
  /** Least time between two calls of `onProgress`, in milliseconds. @default 1_000 */
  readonly progressIntervalMs?: number | undefined
  /**
   * Gives the batch up: no further request is taken, those under way are aborted and have an `aborted` result, and then
   * the reader gets an `aborted` error.
   */
  readonly signal?: AbortSignal | undefined
}
