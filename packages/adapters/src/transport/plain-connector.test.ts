import { once } from 'node:events'
import type { Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { type ByteServer, chunked, responseHead, startByteServer } from '../testing/byte-server.js'
import { connectTo, helloRequest, openCall } from '../testing/run-stream.js'
import { errorCode } from './network-error.js'
import { createPlainConnector } from './plain-connector.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serveLetters(bytesPerAnswer: number): Promise<ByteServer> {
  const server = await startByteServer((socket, { numberOnConnection, body }) => {
    const letter = /letter (\w)/.exec(body)?.[1] ?? '?'
    socket.write(
      responseHead(200, [
        ['content-type', 'text/event-stream'],
        ['transfer-encoding', 'chunked'],
      ]),
    )
    const event = `data: {"choices":[{"index":0,"delta":{"content":"${letter.repeat(997 * numberOnConnection)}"}}]}\n\n`
    let sent = 0
    const write = (): void => {
      while (sent < bytesPerAnswer) {
        sent += event.length
        if (!socket.write(chunked(event))) return void socket.once('drain', write)
      }
      socket.write(chunked('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'))
      socket.write(chunked(''))
    }
    write()
  })
  closers.push(() => server.close())
  return server
}

describe('reads through one buffer', () => {
  it('keep the bytes of every socket apart, also of those that are read slowly', async () => {
    const server = await serveLetters(3_000_000)
    const connection = await connectTo(server.origin)
    closers.push(() => connection.close())
    const read = async (letter: string, pauseEvery: number): Promise<number> => {
      const request = { ...helloRequest, messages: [{ role: 'user' as const, content: `letter ${letter}` }] }
      let characters = 0
      let batches = 0
      for await (const batch of connection.stream(request, openCall())) {
        for (const event of batch) {
          if (event.type !== 'text-delta') continue
          characters += event.text.length
          if (event.text.replaceAll(letter, '') !== '') throw new Error(`foreign bytes in the answer for ${letter}`)
        }
        if (++batches % pauseEvery === 0) await new Promise((resolve) => setTimeout(resolve, 2))
      }
      return characters
    }
    const lengths = await Promise.all([...'abcdef'].map((letter, index) => read(letter, index + 1)))
    for (const length of lengths) expect(length).toBeGreaterThan(2_800_000)
    expect(new Set(lengths).size).toBe(1)
  })
})

type Outcome = { readonly error: Error | null; readonly socket: Socket | null }

function open(port: number, timeoutMs: number): Promise<Outcome> {
  const connect = createPlainConnector(timeoutMs)
  const where = { hostname: '127.0.0.1', port: String(port), protocol: 'http:' }
  return new Promise((resolve, reject) => {
    let isTold = false
    connect(where, (...[error, socket]) => {
      if (isTold) reject(new Error('told twice'))
      isTold = true
      // The server is stopped before the sockets are closed, and resets them.
      socket?.on('error', () => undefined)
      if (socket) closers.push(() => socket.destroy())
      resolve({ error, socket })
    })
  })
}

/** Listens and never accepts: what the system does not take by itself stays unanswered. */
const deafServer = `
const { parentPort } = require('node:worker_threads')
const server = require('node:net').createServer()
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})`

describe('a connection that cannot be made', () => {
  // Windows refuses what it cannot queue.
  it.skipIf(process.platform === 'win32')('is given up after its time', async () => {
    const worker = new Worker(deafServer, { eval: true })
    closers.push(() => worker.terminate())
    const [port] = (await once(worker, 'message')) as [number]
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => open(port, 150)))
    const late = outcomes.filter(({ error }) => error !== null)
    expect(late.length).toBeGreaterThan(0)
    for (const { error } of late) expect(errorCode(error)).toBe('UND_ERR_CONNECT_TIMEOUT')
  })

  it('says what the system says', async () => {
    const server = await startByteServer(() => undefined)
    await server.close()
    const { error } = await open(Number(new URL(server.origin).port), 5_000)
    expect(errorCode(error)).toBe('ECONNREFUSED')
  })
})
