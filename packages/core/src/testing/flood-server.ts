import { createServer, type Server, type ServerResponse } from 'node:http'

/** A server whose answer is longer than the reader's memory; for tests only. */
export interface FloodServer {
  readonly baseUrl: string
  close(): Promise<void>
}

/** Starts a server that streams an answer of `events` pieces of text as fast as the reader takes them. */
export async function startFloodServer(events: number, piece: string): Promise<FloodServer> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    flood(response, events, piece)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { baseUrl: `http://127.0.0.1:${port}/v1`, close: () => closeServer(server) }
}

function flood(response: ServerResponse, events: number, piece: string): void {
  const chunk = (choice: object) =>
    `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, ...choice }] })}\n\n`
  const perWrite = 8
  const text = chunk({ delta: { content: piece }, finish_reason: null }).repeat(perWrite)
  let sent = 0
  const write = (): void => {
    while (sent < events && !response.destroyed) {
      sent += perWrite
      if (!response.write(text)) {
        response.once('drain', write)
        return
      }
    }
    response.end(`${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`)
  }
  write()
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
