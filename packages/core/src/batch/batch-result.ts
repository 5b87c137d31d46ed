import type { DuoModelError } from '@duo-models/adapters'
import type { ModelResponse } from '../model-response.js'

/** What became of one request of a batch: test `ok`. */
export type BatchResult = BatchSuccess | BatchFailure

/** A request that was answered. */
export interface BatchSuccess {
  readonly ok: true
  /** The position of the request among those that were taken, from 0. */
  readonly index: number
  /** The item's own id, where it has one. */
  readonly id?: string
  readonly response: ModelResponse
}

/** A request that failed; the others go on. */
export interface BatchFailure {
  readonly ok: false
  /** The position of the request among those that were taken, from 0. */
  readonly index: number
  /** The item's own id, where it has one. */
  readonly id?: string
  readonly error: DuoModelError
}
