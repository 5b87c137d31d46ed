import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { EmulatorError } from '../emulator-error.js'
import { createHttp1Server } from './http1-server.js'
import { createHttp2Server } from './http2-server.js'
import type { ReceivedRequest } from './received-request.js'
import { sniffProtocol } from './sniff-protocol.js'

/** What a loopback server is given. */
export interface LoopbackServerOptions {
  readonly host: string
  readonly port: number
  readonly keepAliveTimeoutMs: number
  /** Answers bytes that are not HTTP, as they go over the wire. */
  readonly invalidRequest: string
  /** Whether clients with prior knowledge may speak HTTP/2, beside HTTP/1.1 on the same port. */
  readonly acceptsHttp2: boolean
  /** Called for each new connection; returns `false` when the connection has been closed and must be ignored. */
  readonly accept: (socket: Socket) => boolean
  readonly handle: (request: ReceivedRequest) => void
}

/** A listening HTTP server. */
export interface LoopbackServer {
  /** Scheme, host and port, without a path. */
  readonly origin: string
  /** Stops listening and destroys every open connection. Resolves when nothing is left; may be called again. */
  close(): Promise<void>
}

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/** Starts an HTTP server that only this machine can reach. Throws {@link EmulatorError} if it cannot listen. */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  if (!loopbackHosts.has(options.host)) throw notLoopback(options.host)
  const sockets = new Set<Socket>()
  const serve = connectionHandler(options)
  // The options an HTTP server of Node listens with: a client may close its half of the connection and still be answered.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    // A peer that resets its connection must never bring the emulator down.
    socket.on('error', () => socket.destroy())
    if (!options.accept(socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket)
  })
  await listen(server, options)
  const { address, family, port } = server.address() as AddressInfo
  let closing: Promise<void> | undefined
  return {
    origin: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
      return closing
    },
  }
}

function connectionHandler(options: LoopbackServerOptions): (socket: Socket) => void {
  const http1 = createHttp1Server(options)
  if (!options.acceptsHttp2) return (socket) => http1.emit('connection', socket)
  const http2 = createHttp2Server(options)
  return (socket) =>
    sniffProtocol(socket, (protocol) => {
      if (protocol === 'http2') return http2.accept(socket)
      http1.emit('connection', socket)
      socket.resume()
    })
}

function listen(server: Server, { host, port }: LoopbackServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `The emulator could not listen on ${host}:${port} (${cause.code}). Leave \`port\` out to get a free one.`
      reject(new EmulatorError('address-unavailable', message, { cause }))
    })
    server.listen({ host, port }, resolve)
  })
}

function notLoopback(host: string): EmulatorError {
  const allowed = [...loopbackHosts].join(', ')
  return new EmulatorError(
    'not-loopback',
    `host "${host}" is not a loopback address. The emulator has no access control and listens on ${allowed} only.`,
  )
}
