import type { IncomingHttpHeaders } from 'node:http'
import type { VllmServerState } from './vllm-server-state.js'

/** The id in a response body: the prefix of the endpoint, then the client's `X-Request-Id` or 32 hexadecimal digits. */
export function responseId(prefix: string, headers: IncomingHttpHeaders, { behaviour, ids }: VllmServerState): string {
  const given = behaviour.usesRequestId ? headers['x-request-id'] : undefined
  return prefix + (typeof given === 'string' && given !== '' ? given : ids.hex(32))
}

/** The `created` field: seconds since 1970. */
export function createdNow(): number {
  return Math.floor(Date.now() / 1000)
}
