import type { ModelRequest } from '../model-request.js'
import type { Priority } from '../scheduling/priority.js'

/** What callers of one shared answer have in common. */
export interface SharedRequest {
  readonly request: ModelRequest
  readonly priority: Priority
}

/**
 * What two requests must have in common to share one answer; `undefined` for a request whose answer is left to chance
 * (no `temperature` of 0 and no `seed`), or that is no plain data. An urgent request does not wait for the answer of one
 * that is not.
 */
export function coalescingKey(request: ModelRequest, priority: Priority = 'interactive'): string | undefined {
  if (request.temperature !== 0 && request.seed === undefined) return undefined
  try {
    return JSON.stringify({ priority, request } satisfies SharedRequest)
  } catch {
    return undefined
  }
}

/** A copy of the request a key was made of. */
export function readCoalescingKey(key: string): SharedRequest {
  return JSON.parse(key)
}
