import { createServer, type Server, type Socket } from 'node:net'

/** How a server behaves that speaks HTTP badly, or not at all. */
export interface FaultServerBehaviour {
  /** Called with every connection, before anything was read. */
  readonly onConnection?: (socket: Socket) => void
  /** Called with every whole request. */
  readonly onRequest?: (socket: Socket, request: FaultyRequest) => void
  /** Called as soon as the head of a request is there. */
  readonly onHead?: (socket: Socket) => void
}

/** A request, as whole as the server needs it. */
export interface FaultyRequest {
  readonly head: string
  /** From 1, over all connections. */
  readonly number: number
  /** The port of another server, which must not be asked. */
  readonly foreignPort: number
}

/** A running server. */
export interface FaultServer {
  readonly port: number
  /** When each request had arrived, in milliseconds of `performance.now()`. */
  readonly requestTimesMs: readonly number[]
  /** What reached the other origin, which nobody was told to ask. */
  readonly foreignRequests: readonly string[]
  close(): Promise<void>
}

/** Starts a server and, beside it, an origin that redirects point to. */
export async function startFaultServer(behaviour: FaultServerBehaviour): Promise<FaultServer> {
  const sockets = new Set<Socket>()
  const requestTimesMs: number[] = []
  const foreignRequests: string[] = []
  const foreign = createServer((socket) => {
    track(socket, sockets)
    readRequests(socket, (head) => {
      foreignRequests.push(head)
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 6\r\n\r\nSTOLEN')
    })
  })
  const foreignPort = await listen(foreign)
  const server = createServer((socket) => {
    track(socket, sockets)
    behaviour.onConnection?.(socket)
    const onHead = () => behaviour.onHead?.(socket)
    const onRequest = (head: string) => {
      requestTimesMs.push(performance.now())
      behaviour.onRequest?.(socket, { head, number: requestTimesMs.length, foreignPort })
    }
    readRequests(socket, onRequest, onHead)
  })
  const port = await listen(server)
  return {
    port,
    requestTimesMs,
    foreignRequests,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all([server, foreign].map((each) => new Promise((resolve) => each.close(resolve))))
    },
  }
}

function track(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket)
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('close', () => sockets.delete(socket))
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

function readRequests(socket: Socket, onRequest: (head: string) => void, onHead?: () => void): void {
  let head = Buffer.alloc(0)
  let missingBytes = 0
  let text = ''
  socket.on('data', (chunk) => {
    let rest = chunk
    while (rest.length > 0) {
      if (missingBytes === 0) {
        head = Buffer.concat([head, rest])
        const end = head.indexOf('\r\n\r\n')
        if (end === -1) return
        text = head.subarray(0, end).toString('latin1')
        rest = head.subarray(end + 4)
        head = Buffer.alloc(0)
        missingBytes = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
        onHead?.()
        if (missingBytes > 0 && rest.length === 0) return
      }
      const taken = Math.min(missingBytes, rest.length)
      missingBytes -= taken
      rest = rest.subarray(taken)
      if (missingBytes === 0) onRequest(text)
    }
  })
}
