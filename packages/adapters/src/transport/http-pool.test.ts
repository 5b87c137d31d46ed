import { afterEach, describe, expect, it } from 'vitest'
import {
  type ByteServer,
  chunked,
  eventStream,
  jsonAnswer,
  type Reply,
  responseHead,
  startByteServer,
} from '../testing/byte-server.js'
import { connectTo, errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

const servers: ByteServer[] = []

async function serve(reply: Reply): Promise<ByteServer> {
  const server = await startByteServer(reply)
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

/** A connection takes its next request a turn of the event loop after its answer was handed over. */
const connectionIsFree = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

const answer = '{"id":"1","model":"m","choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}'
const events =
  'data: {"id":"1","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
const streamHead = responseHead(200, [
  ['content-type', 'text/event-stream'],
  ['transfer-encoding', 'chunked'],
])

describe('keep-alive', () => {
  it('uses one connection for requests that follow each other', async () => {
    const server = await serve((socket) => socket.write(eventStream(events)))
    const connection = await connectTo(server.origin)
    for (let count = 0; count < 5; count++) {
      expect((await runStream(connection)).text).toBe('Hello')
      await connectionIsFree()
    }
    expect(server.connections.opened).toBe(1)
    await connection.close()
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('sends again, once and on a new socket, when the server closes a used one under the request', async () => {
    const server = await serve((socket, request) => {
      if (request.numberOnConnection > 1) socket.resetAndDestroy()
      else socket.write(jsonAnswer(200, answer))
    })
    const connection = await connectTo(server.origin)
    for (let count = 0; count < 3; count++) {
      expect((await connection.generate(helloRequest, openCall())).text).toBe('Hello')
      await connectionIsFree()
    }
    // The second request is sent twice; the third one finds no used socket.
    expect(server.requests.length).toBe(4)
    await connection.close()
  })

  it('does not send again when a new socket is closed, or when the answer had begun', async () => {
    const fresh = await serve((socket) => socket.resetAndDestroy())
    expect(await errorOf((await connectTo(fresh.origin)).generate(helloRequest, openCall()))).toMatchObject({
      code: 'connection',
      retryable: true,
    })
    expect(fresh.requests.length).toBe(1)
    const begun = await serve((socket, { numberOnConnection }) => {
      if (numberOnConnection === 1) socket.write(jsonAnswer(200, answer))
      else socket.write('HTTP/1.1 2', () => setTimeout(() => socket.destroy(), 5))
    })
    const connection = await connectTo(begun.origin)
    await connection.generate(helloRequest, openCall())
    await connectionIsFree()
    expect(await errorOf(connection.generate(helloRequest, openCall()))).toMatchObject({ code: 'connection' })
    expect(begun.requests.length).toBe(2)
  })
})

describe('abort', () => {
  it('settles and closes the socket while the server says nothing', async () => {
    const server = await serve(() => undefined)
    const connection = await connectTo(server.origin)
    const controller = new AbortController()
    const outcome = errorOf(connection.generate(helloRequest, openCall(controller.signal)))
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort(new Error('enough'))
    expect(await outcome).toMatchObject({ code: 'aborted', phase: 'request', cause: { message: 'enough' } })
    await expect.poll(() => server.connections.open).toBe(0)
    expect(server.connections.opened).toBe(1)
  })

  it('sends nothing when the signal has fired before', async () => {
    const server = await serve(() => undefined)
    const connection = await connectTo(server.origin)
    expect((await runStream(connection, openCall(AbortSignal.abort()))).error).toMatchObject({ code: 'aborted' })
    expect(server.connections.opened).toBe(0)
  })

  it('closes the socket when the consumer leaves the loop', async () => {
    const server = await serve((socket) => {
      socket.write(streamHead)
      socket.write(chunked('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'))
    })
    const connection = await connectTo(server.origin)
    for await (const batch of connection.stream(helloRequest, openCall())) if (batch.length > 0) break
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('leaves no listener on a signal that many calls share', async () => {
    const server = await serve((socket) => socket.write(eventStream(events)))
    const connection = await connectTo(server.origin)
    const { signal } = new AbortController()
    let listeners = 0
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners++
      add(...parameters)
    }
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners--
      remove(...parameters)
    }
    for (let count = 0; count < 20; count++) await runStream(connection, openCall(signal))
    expect(listeners).toBe(0)
  })
})

describe('a slow consumer', () => {
  it('slows the server', async () => {
    const event = chunked(`data: {"choices":[{"index":0,"delta":{"content":"${'x'.repeat(8_000)}"}}]}\n\n`)
    let written = 0
    const server = await serve((socket) => {
      socket.write(streamHead)
      const write = (): void => {
        while (written < 256 * 1024 * 1024 && socket.writable) {
          written += event.length
          if (!socket.write(event)) return void socket.once('drain', write)
        }
      }
      write()
    })
    const connection = await connectTo(server.origin)
    const iterator = connection.stream(helloRequest, openCall())[Symbol.asyncIterator]()
    await iterator.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(written).toBeLessThan(16 * 1024 * 1024)
    const before = written
    for (let count = 0; count < 400; count++) await iterator.next()
    expect(written).toBeGreaterThan(before)
    await iterator.return?.()
    await expect.poll(() => server.connections.open).toBe(0)
  })
})

describe('what is refused', () => {
  it.each([301, 302, 303, 307, 308])('does not follow a redirect with status %i', async (status) => {
    const target = await serve((socket) => socket.write(jsonAnswer(200, answer)))
    const server = await serve((socket) =>
      socket.write(jsonAnswer(status, '', [['location', `${target.origin}/v1/steal?token=s3cr3t`]])),
    )
    const error = await errorOf(
      (await connectTo(server.origin, { apiKey: 'sk-test-key' })).generate(helloRequest, openCall()),
    )
    expect(error).toMatchObject({ code: 'protocol', status })
    expect(error.message).toContain(target.origin)
    expect(error.message).not.toContain('s3cr3t')
    expect(target.connections.opened).toBe(0)
  })

  it.each([
    [
      'a compressed body',
      responseHead(200, [
        ['content-type', 'application/json'],
        ['content-encoding', 'gzip'],
        ['content-length', '1'],
      ]),
      'content-encoding gzip',
    ],
    [
      'a web page',
      `${responseHead(200, [
        ['content-type', 'text/html'],
        ['content-length', '15'],
      ])}<html>log in   `,
      'web page',
    ],
    ['no content', responseHead(204, []), 'empty body'],
    ['an empty body', responseHead(200, [['content-length', '0']]), 'empty body'],
    ['null', jsonAnswer(200, 'null'), 'no object'],
    ['an array', jsonAnswer(200, '[]'), 'no object'],
    ['no choices', jsonAnswer(200, '{"choices":[]}'), 'without a first choice'],
    ['something that is not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'not valid HTTP'],
    ['a TLS record', '\x15\x03\x01\x00\x02\x02\x46', 'https://'],
  ])('says what is wrong with %s', async (_name, bytes, words) => {
    const server = await serve((socket) => socket.end(Buffer.from(bytes, 'latin1')))
    const error = await errorOf((await connectTo(server.origin)).generate(helloRequest, openCall()))
    expect(error.code).toBe('protocol')
    expect(error.message).toContain(words)
  })

  it('reads an endless error body up to its limit', async () => {
    const server = await serve((socket) => {
      socket.write(
        responseHead(500, [
          ['content-type', 'text/plain'],
          ['transfer-encoding', 'chunked'],
        ]),
      )
      const write = (): void => {
        if (socket.writable) socket.write(chunked('x'.repeat(8_000)), write)
      }
      write()
    })
    const error = await errorOf((await connectTo(server.origin)).generate(helloRequest, openCall()))
    expect(error).toMatchObject({ code: 'server', status: 500 })
    expect(error.message.length).toBeLessThan(500)
    await expect.poll(() => server.connections.open).toBe(0)
  })

  it('calls a short body interrupted', async () => {
    const server = await serve((socket) =>
      socket.end(
        `${responseHead(200, [
          ['content-type', 'application/json'],
          ['content-length', '500'],
        ])}{"choices":`,
      ),
    )
    expect(await errorOf((await connectTo(server.origin)).generate(helloRequest, openCall()))).toMatchObject({
      code: 'stream-interrupted',
      retryable: true,
    })
  })
})
