import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { EmulatorError } from '../emulator-error.js'

/** What a loopback server is given. */
export interface LoopbackServerOptions {
  readonly host: string
  readonly port: number
  readonly keepAliveTimeoutMs: number
  /** Called for each new connection; returns `false` when the connection has been closed and must be ignored. */
  readonly accept: (socket: Socket) => boolean
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
}

/** A listening HTTP server. */
export interface LoopbackServer {
  /** Scheme, host and port, without a path. */
  readonly origin: string
  /** Stops listening and destroys every open connection. Resolves when nothing is left; may be called again. */
  close(): Promise<void>
}

/** What uvicorn answers to bytes that are not HTTP. */
const invalidRequest =
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: 30\r\n\r\n' +
  'Invalid HTTP request received.'

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/** Starts an HTTP/1.1 server that only this machine can reach. Throws {@link EmulatorError} if it cannot listen. */
export async function startLoopbackServer(options: LoopbackServerOptions): Promise<LoopbackServer> {
  if (!loopbackHosts.has(options.host)) throw notLoopback(options.host)
  const sockets = new Set<Socket>()
  const server = createServer({ keepAliveTimeout: options.keepAliveTimeoutMs }, options.handle)
  closeIdleConnections(server, options.keepAliveTimeoutMs)
  server.on('connection', (socket) => {
    // A peer that resets its connection must never bring the emulator down.
    socket.on('error', () => socket.destroy())
    if (!options.accept(socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end(invalidRequest)
    else socket.destroy()
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

/** Node keeps idle connections a second longer than asked; uvicorn does not. */
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
