import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Http1Writer } from './http1-writer.js'
import type { ReceivedRequest } from './received-request.js'

/** What an HTTP/1.1 server is given. */
export interface Http1ServerOptions {
  readonly keepAliveTimeoutMs: number
  /** Answers bytes that are not HTTP, as they go over the wire. */
  readonly invalidRequest: string
  readonly handle: (request: ReceivedRequest) => void
}

/** An HTTP/1.1 server, not listening yet. Connections that another server accepted can be handed to it. */
export function createHttp1Server({ keepAliveTimeoutMs, invalidRequest, handle }: Http1ServerOptions): Server {
  const server = createServer({ keepAliveTimeout: keepAliveTimeoutMs }, (request, response) =>
    handle(receivedRequest(request, response)),
  )
  closeIdleConnections(server, keepAliveTimeoutMs)
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(invalidRequest)
    else socket.destroy()
  })
  return server
}

function receivedRequest(request: IncomingMessage, response: ServerResponse): ReceivedRequest {
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    httpVersion: request.httpVersion === '1.0' ? '1.0' : '1.1',
    headers: request.headers,
    body: request,
    writer: new Http1Writer(response),
  }
}

/** Node keeps idle connections a second longer than asked; the emulated servers do not. */
function closeIdleConnections(server: Server, keepAliveTimeoutMs: number): void {
  const underWay = new WeakMap<Socket, number>()
  server.prependListener('request', ({ socket }, response) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    response.once('finish', () => {
      const rest = (underWay.get(socket) ?? 1) - 1
      underWay.set(socket, rest)
      if (rest === 0) socket.setTimeout(keepAliveTimeoutMs)
    })
  })
}
