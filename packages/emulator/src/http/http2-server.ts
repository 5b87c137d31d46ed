import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { Http2Writer } from './http2-writer.js'
import type { ReceivedRequest } from './received-request.js'

/** What an HTTP/2 server is given. */
export interface Http2ServerOptions {
  readonly keepAliveTimeoutMs: number
  readonly handle: (request: ReceivedRequest) => void
}

/** Speaks HTTP/2 without TLS on connections that another server accepted. */
export interface Http2ConnectionHandler {
  /** Takes over a connection whose client began with the HTTP/2 preface. */
  accept(socket: Socket): void
}

/** An HTTP/2 server that never listens by itself. */
export function createHttp2Server({ keepAliveTimeoutMs, handle }: Http2ServerOptions): Http2ConnectionHandler {
  const server = createServer()
  return {
    accept: (socket) => {
      // The session is made, and announced, while the connection is being handed over.
      server.once('session', (session: ServerHttp2Session) => {
        session.on('error', () => socket.destroy())
        // As HTTP/1.1 servers of Node do: a client that closes its half has left.
        socket.once('end', () => socket.destroySoon())
        session.setTimeout(keepAliveTimeoutMs, () => session.close())
        session.on('stream', (stream, headers) => handle(receivedRequest(stream, headers, socket)))
      })
      server.emit('connection', socket)
    },
  }
}

function receivedRequest(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, socket: Socket): ReceivedRequest {
  return {
    method: headers[':method'] ?? '',
    path: headers[':path'] ?? '',
    httpVersion: '2.0',
    // Without the symbols Node keeps its own notes under.
    headers: Object.fromEntries(Object.entries(headers)),
    body: stream,
    writer: new Http2Writer(stream, socket),
  }
}
