import type { ModelRequest } from '../model-request.js'

/**
 * What two requests must have in common to share one answer; `undefined` for a request whose answer is left to chance
 * (no `temperature` of 0 and no `seed`), or that is no plain data.
 */
export function coalescingKey(request: ModelRequest): string | undefined {
  if (request.temperature !== 0 && request.seed === undefined) return undefined
  try {
    return JSON.stringify(request)
  } catch {
    return undefined
  }
}
