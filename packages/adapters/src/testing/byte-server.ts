import { createServer, type Socket } from 'node:net'

/** What a test server does with one request: writes raw bytes, waits, ends or resets the connection. Its result is not used. */
export type Reply = (socket: Socket, request: ReceivedRequest) => unknown

/** A request as it came. */
export interface ReceivedRequest {
  readonly head: string
  readonly body: string
  /** Requests on this connection, this one included. */
  readonly numberOnConnection: number
}

/** A running test server. */
export interface ByteServer {
  readonly origin: string
  readonly requests: readonly ReceivedRequest[]
  /** Connections that were opened and those that are open. */
  readonly connections: { opened: number; open: number }
  close(): Promise<void>
}

/** Starts a server on a free port that reads whole HTTP requests and answers with bytes; for tests only. */
export async function startByteServer(reply: Reply): Promise<ByteServer> {
  const requests: ReceivedRequest[] = []
  const sockets = new Set<Socket>()
  const connections = { opened: 0, open: 0 }
  const server = createServer((socket) => {
    connections.opened++
    connections.open++
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections.open--
      sockets.delete(socket)
    })
    readRequests(socket, (request) => {
      requests.push(request)
      reply(socket, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  return { origin: `http://127.0.0.1:${port}`, requests, connections, close }
}

function readRequests(socket: Socket, onRequest: (request: ReceivedRequest) => void): void {
  let received = Buffer.alloc(0)
  let count = 0
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    for (;;) {
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const head = received.subarray(0, headEnd).toString('latin1')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      const end = headEnd + 4 + length
      if (received.length < end) return
      const body = received.subarray(headEnd + 4, end).toString('utf8')
      received = received.subarray(end)
      onRequest({ head, body, numberOnConnection: ++count })
    }
  })
}

/** A head as bytes. */
export function responseHead(status: number, headers: readonly (readonly [string, string])[]): string {
  return `HTTP/1.1 ${status} Reason\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** Bytes as one chunk of the chunked transfer coding. */
export function chunked(data: Buffer | string): Buffer {
  const bytes = Buffer.from(data)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** The end of a chunked body. */
export const lastChunk = '0\r\n\r\n'

/** Chunked server-sent events with a good head, whole. */
export function eventStream(body: string): Buffer {
  const head = responseHead(200, [
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['transfer-encoding', 'chunked'],
  ])
  return Buffer.concat([Buffer.from(head), chunked(body), Buffer.from(lastChunk)])
}

/** A JSON answer with a content length. */
export function jsonAnswer(status: number, body: string, headers: readonly (readonly [string, string])[] = []): string {
  const length = String(Buffer.byteLength(body))
  return responseHead(status, [['content-type', 'application/json'], ['content-length', length], ...headers]) + body
}
