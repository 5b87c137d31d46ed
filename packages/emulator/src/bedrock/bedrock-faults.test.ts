import { connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bedrockRequest } from '../../test/bedrock-request.js'
import { decodeFrame, eventsOfFrames, splitFrames } from '../../test/frames.js'
import { http2Request } from '../../test/http2-request.js'
import { until } from '../../test/raw-request.js'
import type { Fault } from '../faults/fault.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import { bedrockExceptionFacts, bedrockExceptionNames } from './bedrock-exception.js'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator({ platform: 'bedrock', speed: 0, respond: () => 'one two three' })
})
afterEach(() => emulator.close())

const model = 'anthropic.claude-3-5-sonnet-20241022-v2%3A0'
const body = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }

describe.each([
  ['HTTP/1.1', false],
  ['HTTP/2', true],
] as const)('over %s', (_name, http2) => {
  const whole = () => bedrockRequest(`${emulator.url}/model/${model}/converse`, body, { http2 })
  const stream = () => bedrockRequest(`${emulator.url}/model/${model}/converse-stream`, body, { http2 })
  const allEvents = [
    'messageStart',
    ...Array(3).fill('contentBlockDelta'),
    'contentBlockStop',
    'messageStop',
    'metadata',
  ]

  test('nothing is wrong without a fault', async () => {
    const response = await stream()
    expect(eventsOfFrames(response.body).map(({ type }) => type)).toEqual(allEvents)
    expect(response).toMatchObject({ status: 200, complete: true })
    expect(emulator.requests[0]).toMatchObject({ httpVersion: http2 ? '2.0' : '1.1', closedByClient: false })
  })

  test.each(bedrockExceptionNames)('%s has its status, type and message', async (exception) => {
    emulator.setFaults([{ kind: 'exception', exception }])
    const { status, headers, json } = await whole()
    expect(status).toBe(bedrockExceptionFacts(exception).status)
    expect(headers['x-amzn-errortype']).toMatch(new RegExp(`^${exception}(:|$)`))
    if (exception !== 'UnknownOperationException')
      expect(json).toMatchObject({ message: bedrockExceptionFacts(exception).message })
    expect(emulator.requests[0]).toMatchObject({ fault: 'exception', finished: true })
  })

  test.each(bedrockExceptionNames)('%s ends a stream as a frame, and leaves whole answers alone', async (exception) => {
    emulator.setFaults([{ kind: 'exception', exception, when: 'mid-stream', afterEvents: 2 }])
    const response = await stream()
    const frames = splitFrames(response.body).map(decodeFrame)
    expect(frames).toHaveLength(3)
    expect(frames[2]?.headers).toMatchObject({
      ':message-type': 'exception',
      ':exception-type': exception[0]?.toLowerCase() + exception.slice(1),
    })
    expect(response).toMatchObject({ status: 200, complete: true })
    expect((await whole()).status).toBe(200)
  })

  test('an exception may be the first frame, and carry members of its own', async () => {
    emulator.setFaults([{ kind: 'exception', exception: 'ModelStreamErrorException', when: 'mid-stream' }])
    expect(eventsOfFrames((await stream()).body)).toEqual([
      {
        type: 'modelStreamErrorException',
        payload: {
          message: expect.any(String),
          originalMessage: expect.any(String),
          originalStatusCode: 500,
        },
      },
    ])
  })

  test('an error message tells itself in headers', async () => {
    emulator.setFaults([
      {
        kind: 'exception',
        exception: 'InternalServerException',
        when: 'mid-stream',
        messageType: 'error',
        message: 'x',
      },
    ])
    expect(splitFrames((await stream()).body).map(decodeFrame)).toEqual([
      {
        headers: { ':message-type': 'error', ':error-code': 'InternalServerException', ':error-message': 'x' },
        payload: '',
      },
    ])
  })

  test('error-event is an internal server exception with the payload given', async () => {
    emulator.setFaults([{ kind: 'error-event', afterEvents: 1, body: { message: 'mine' } }])
    expect(eventsOfFrames((await stream()).body)[1]).toEqual({
      type: 'internalServerException',
      payload: { message: 'mine' },
    })
  })

  test.each(['length', 'prelude-checksum', 'headers', 'payload', 'message-checksum'] as const)(
    'corrupt-frame damages the %s of one frame',
    async (part) => {
      emulator.setFaults([{ kind: 'corrupt-frame', afterEvents: 1, part }])
      const { body: damaged, complete } = await stream()
      const first = damaged.subarray(0, damaged.readUInt32BE(0))
      expect(decodeFrame(first).headers[':event-type']).toBe('messageStart')
      expect(() => splitFrames(damaged).map(decodeFrame)).toThrow(/checksum|length/i)
      expect(complete).toBe(true)
      expect((await whole()).status).toBe(200)
    },
  )

  test.each([0, 2])('cut-stream closes the connection after %i frames', async (afterEvents) => {
    emulator.setFaults([{ kind: 'cut-stream', afterEvents }])
    const response = await stream()
    expect(response).toMatchObject({ status: 200, complete: false })
    expect(eventsOfFrames(response.body)).toHaveLength(afterEvents)
    expect(emulator.requests[0]?.closedByClient).toBe(false)
  })

  test('cut-stream and end-stream can cut inside a frame', async () => {
    emulator.setFaults([
      { kind: 'cut-stream', afterEvents: 1, bytesOfNextEvent: 20, times: 1 },
      { kind: 'end-stream', afterEvents: 1, bytesOfNextEvent: 20, times: 1 },
    ])
    for (const complete of [false, true]) {
      const response = await stream()
      expect(response.complete).toBe(complete)
      expect(splitFrames(response.body).map(({ length }) => length)).toEqual([expect.any(Number), 20])
    }
    expect(emulator.requests[0]?.eventsWritten).toBe(1)
  })

  test('cut-stream cuts a whole answer at half', async () => {
    emulator.setFaults([{ kind: 'cut-stream', afterEvents: 0 }])
    const response = await whole()
    expect(response.complete).toBe(false)
    expect(response.body).toHaveLength(Math.floor(Number(response.headers['content-length']) / 2))
  })

  test('end-stream ends properly without messageStop', async () => {
    emulator.setFaults([{ kind: 'end-stream', afterEvents: 3 }])
    const response = await stream()
    expect(response.complete).toBe(true)
    expect(eventsOfFrames(response.body).map(({ type }) => type)).toEqual(allEvents.slice(0, 3))
  })

  test('reset in mid-stream comes after the frames', async () => {
    emulator.setFaults([{ kind: 'reset', when: 'mid-stream', afterEvents: 2 }])
    const response = await stream()
    expect(response.complete).toBe(false)
    expect(eventsOfFrames(response.body)).toHaveLength(2)
  })

  test('split-writes leaves the content as it is', async () => {
    emulator.setFaults([{ kind: 'split-writes', bytes: 3 }])
    expect(eventsOfFrames((await stream()).body).map(({ type }) => type)).toEqual(allEvents)
    expect((await whole()).json).toMatchObject({ stopReason: 'end_turn' })
  })

  test('stall goes on after its duration, slow-first-token too', async () => {
    emulator.setFaults([
      { kind: 'stall', when: 'mid-stream', afterEvents: 2, durationMs: 5, times: 1 },
      { kind: 'slow-first-token', delayMs: 5 },
    ])
    for (let request = 0; request < 2; request += 1) {
      expect(eventsOfFrames((await stream()).body).map(({ type }) => type)).toEqual(allEvents)
    }
  })

  test('status, html and raw answer as everywhere', async () => {
    emulator.setFaults([
      { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: { message: 'x' }, times: 1 },
      { kind: 'html', times: 1 },
      {
        kind: 'raw',
        response: {
          status: 503,
          headers: [
            ['transfer-encoding', 'chunked'],
            ['x-a', 'b'],
          ],
          chunks: [{ utf8: 'x' }],
        },
      },
    ])
    expect(await whole()).toMatchObject({ status: 429, json: { message: 'x' }, headers: { 'retry-after': '1' } })
    expect(await whole()).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
    expect(await whole()).toMatchObject({ status: 503, text: 'x', headers: { 'x-a': 'b' } })
  })
})

test('a client that resets its stream is recorded as having left', async () => {
  emulator.setFaults([{ kind: 'stall', when: 'mid-stream', afterEvents: 2 }])
  await http2Request(`${emulator.url}/model/${model}/converse-stream`, {
    body,
    headers: { authorization: 'Bearer k' },
    onRead: (_, abort) => abort(),
  })
  await until(() => emulator.requests[0]?.closedByClient === true)
  expect(emulator.requests[0]?.finished).toBe(false)
})

test('reset before headers and on accept break an HTTP/2 connection', async () => {
  for (const when of ['before-headers', 'accept'] as const) {
    emulator.setFaults([{ kind: 'reset', when }])
    const response = await http2Request(`${emulator.url}/model/${model}/converse`, { body })
    expect(response).toMatchObject({ status: 0, complete: false })
  }
})

describe('one port', () => {
  const open = () => connect(Number(new URL(emulator.url).port), '127.0.0.1')
  const read = async (write: (socket: ReturnType<typeof open>) => Promise<void>) => {
    const socket = open()
    let text = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await write(socket)
    await closed
    return text
  }
  const byteByByte = (text: string) => async (socket: ReturnType<typeof open>) => {
    for (const character of text) {
      socket.write(character)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  test.each([
    ['GET /x HTTP/1.1', 404],
    // It begins as the HTTP/2 preface does, and its method is one no HTTP/1.1 server knows.
    ['PRI * HTTP/1.1', 400],
  ])('answers %s that arrives byte by byte with %i', async (line, status) => {
    const text = await read(byteByByte(`${line}\r\nhost: x\r\nconnection: close\r\n\r\n`))
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  test('answers the HTTP/2 preface that arrives byte by byte', async () => {
    const settings = '\0\0\0\x04\0\0\0\0\0'
    const text = await read(async (socket) => {
      await byteByByte(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${settings}`)(socket)
      socket.once('data', () => socket.end())
    })
    expect(text.charCodeAt(3)).toBe(4)
  })

  test('lets a fault write outside HTTP/2', async () => {
    emulator.setFaults([{ kind: 'bytes', chunks: [{ utf8: 'SSH-2.0-OpenSSH_9.6\r\n' }] }])
    // A SETTINGS frame, then HEADERS of one request: POST / at http://x, without a body.
    const request = '\0\0\x06\x01\x05\0\0\0\x01\x83\x86\x84\x41\x01x'
    const text = await read(async (socket) => {
      socket.write(`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0${request}`, 'latin1')
    })
    expect(text).toMatch(/SSH-2\.0-OpenSSH_9\.6\r\n$/)
    expect(emulator.requests[0]).toMatchObject({ method: 'POST', path: '/', httpVersion: '2.0', fault: 'bytes' })
  })

  test('refuses bytes that are neither', async () => {
    expect(await read(byteByByte('this is not HTTP\r\n\r\n'))).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('lets go of a client that says nothing and leaves', async () => {
    await read(async (socket) => {
      socket.end('PRI')
    })
    expect(emulator.requests).toHaveLength(0)
  })

  test.each([false, true])('refuses a body of more than 64 MiB in words (HTTP/2: %s)', async (http2) => {
    const answer = await bedrockRequest(`${emulator.url}/x`, Buffer.alloc(65 * 1024 * 1024).toString('latin1'), {
      http2,
    })
    expect(answer).toMatchObject({ status: 413, text: 'The request body is too large.' })
  })

  test('serves both at once, and many of each', async () => {
    const url = `${emulator.url}/model/${model}/converse`
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => bedrockRequest(url, body, { http2: index % 2 === 0 })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(emulator.requests.map(({ httpVersion }) => httpVersion))).toEqual(new Set(['1.1', '2.0']))
  })

  test('sees an HTTP/2 client that closes its connection in mid-stream', async () => {
    emulator.setFaults([{ kind: 'stall', when: 'mid-stream', afterEvents: 1 }])
    const session = connectHttp2(emulator.url)
    const headers = { ':method': 'POST', ':path': `/model/${model}/converse-stream`, authorization: 'Bearer k' }
    const stream = session.request(headers)
    stream.on('error', () => undefined)
    stream.once('data', () => session.destroy())
    stream.end(JSON.stringify(body))
    await until(() => emulator.requests[0]?.closedByClient === true)
  })

  test('closes an idle HTTP/2 connection after the keep-alive time', async () => {
    await using impatient = await startEmulator({ platform: 'bedrock', speed: 0, keepAliveTimeoutMs: 30 })
    const socket = connect(Number(new URL(impatient.url).port), '127.0.0.1')
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
    socket.resume()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(socket.bytesRead).toBeGreaterThan(0)
  })

  test('close ends open HTTP/2 streams, which is not taken for the client', async () => {
    emulator.setFaults([{ kind: 'stall', when: 'mid-stream', afterEvents: 1 }])
    const answer = http2Request(`${emulator.url}/model/${model}/converse-stream`, {
      body,
      headers: { authorization: 'Bearer k' },
    })
    await until(() => emulator.requests[0]?.eventsWritten === 1)
    await emulator.close()
    expect((await answer).complete).toBe(false)
    expect(emulator.requests[0]?.closedByClient).toBe(false)
  })
})

describe('faults that do not fit the platform', () => {
  test.each<['bedrock' | 'vllm', Fault, RegExp]>([
    [
      'bedrock',
      { kind: 'stall', when: 'mid-stream', keepAliveComments: 5 },
      /faults\[0\]\.keepAliveComments.*comment lines/,
    ],
    ['bedrock', { kind: 'rate-limit' }, /faults\[0\]\.kind "rate-limit".*azure-openai.*"exception"/],
    [
      'bedrock',
      { kind: 'exception', exception: 'NoException' as 'ConflictException' },
      /faults\[0\]\.exception.*ThrottlingException/,
    ],
    ['bedrock', { kind: 'corrupt-frame', afterEvents: 0, part: 'tail' as 'payload' }, /faults\[0\]\.part.*payload/],
    ['vllm', { kind: 'exception', exception: 'ThrottlingException' }, /"exception" exists on platform "bedrock" only/],
    ['vllm', { kind: 'corrupt-frame', afterEvents: 1 }, /"corrupt-frame" exists on platform "bedrock" only/],
    ['vllm', { kind: 'rate-limit' }, /"rate-limit" exists on platform "azure-openai" only/],
  ])('are refused on %s: %j', async (platform, fault, message) => {
    await expect(startEmulator({ platform, faults: [fault] })).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringMatching(message),
    })
  })

  test('are refused when a message does not fit into a header', () => {
    const message = 'x'.repeat(65_536)
    expect(() => emulator.setFaults([{ kind: 'exception', exception: 'ConflictException', message }])).toThrow(
      /faults\[0\]\.message.*65536 bytes/,
    )
  })
})
