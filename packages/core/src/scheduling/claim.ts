import type { ModelRequest } from '../model-request.js'
import type { Replica } from '../routing/replica.js'
import type { WantedAnswer } from './concurrency-limit.js'
import type { Priority } from './priority.js'

/** What a request asks a deployment for: the right to be sent. */
export interface Claim {
  readonly request: ModelRequest
  readonly wanted: WantedAnswer
  readonly priority: Priority
  /** When its answer must be complete, in milliseconds of the client's clock; `Infinity` for whenever. */
  readonly deadlineAt: number
  /** Replicas this call already failed on; asked again only where nothing else is left. */
  readonly failed: ReadonlySet<Replica>
}
