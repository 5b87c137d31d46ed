import type { Reply } from '../http/reply.js'
import type { HeaderList } from '../http/response-writer.js'
import { uvicornHeaders } from './uvicorn-headers.js'

/** Sends the head of an event stream. It goes out before the first token is ready. */
export function startEventStream(reply: Reply, headers: HeaderList = []): Promise<void> {
  return reply.start(200, [...uvicornHeaders(), ...headers, ['content-type', 'text/event-stream; charset=utf-8']])
}

/** Writes one event: compact JSON after `data: `. */
export function writeData(reply: Reply, data: object): Promise<void> {
  return reply.write(`data: ${JSON.stringify(data)}\n\n`)
}

/** Writes `[DONE]` and ends the stream. */
export async function endEventStream(reply: Reply): Promise<void> {
  await reply.write('data: [DONE]\n\n')
  await reply.end()
}
