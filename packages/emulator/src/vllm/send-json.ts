import type { Reply } from '../http/reply.js'
import { uvicornHeaders } from './uvicorn-headers.js'

/** Sends a JSON body, compact as vLLM writes it. */
export function sendJson(
  reply: Reply,
  status: number,
  body: unknown,
  headers: readonly (readonly [string, string])[] = [],
) {
  return reply.send(
    status,
    [...uvicornHeaders(), ...headers, ['content-type', 'application/json']],
    JSON.stringify(body),
  )
}

/** Sends a status without a body. */
export function sendEmpty(reply: Reply, status: number) {
  return reply.send(status, uvicornHeaders(), '')
}
