import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventsOf, rawRequest, until } from '../../test/raw-request.js'
import { type Emulator, startEmulator } from '../start-emulator.js'
import type { Fault } from './fault.js'

let emulator: Emulator
beforeEach(async () => {
  emulator = await startEmulator({ platform: 'vllm', speed: 0, respond: () => 'one two three four five' })
})
afterEach(() => emulator.close())

const body = { model: 'mistralai/Mistral-7B-Instruct-v0.3', messages: [{ role: 'user', content: 'Hi' }] }
const whole = () => rawRequest(`${emulator.baseUrl}/chat/completions`, { body })
const stream = () => rawRequest(`${emulator.baseUrl}/chat/completions`, { body: { ...body, stream: true } })
const countEvents = (text: string) => text.split('\n\n').filter((event) => event.startsWith('data: ')).length

describe('kinds', () => {
  test('status answers at once, with the headers and body given', async () => {
    emulator.setFaults([{ kind: 'status', status: 429, headers: { 'retry-after': '2' }, body: { error: 'slow down' } }])
    const response = await stream()
    expect(response).toMatchObject({ status: 429, text: '{"error":"slow down"}', complete: true })
    expect(response.headers).toMatchObject({
      'retry-after': '2',
      'content-type': 'application/json',
      server: 'uvicorn',
    })
    expect(emulator.requests[0]).toMatchObject({ fault: 'status', status: 429, finished: true })
  })

  test('status without a body sends none', async () => {
    emulator.setFaults([{ kind: 'status', status: 500 }])
    const response = await whole()
    expect(response).toMatchObject({ status: 500, text: '' })
    expect(response.headers['content-type']).toBeUndefined()
  })

  test('html answers a page with status 200', async () => {
    emulator.setFaults([{ kind: 'html' }])
    const response = await stream()
    expect(response).toMatchObject({ status: 200, text: expect.stringMatching(/^<!DOCTYPE html>/) })
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  test.each([0, 1, 3])('cut-stream lets %i events through and leaves the body unfinished', async (afterEvents) => {
    emulator.setFaults([{ kind: 'cut-stream', afterEvents }])
    const response = await stream()
    expect(response).toMatchObject({ status: 200, complete: false })
    expect(countEvents(response.text)).toBe(afterEvents)
    expect(emulator.requests[0]?.closedByClient).toBe(false)
  })

  test('cut-stream cuts a whole answer at half', async () => {
    emulator.setFaults([{ kind: 'cut-stream', afterEvents: 0 }])
    const response = await whole()
    expect(response.complete).toBe(false)
    expect(Buffer.byteLength(response.text)).toBe(Math.floor(Number(response.headers['content-length']) / 2))
  })

  test('end-stream ends the body properly without [DONE]', async () => {
    emulator.setFaults([{ kind: 'end-stream', afterEvents: 2 }])
    const response = await stream()
    expect(response.complete).toBe(true)
    expect(countEvents(response.text)).toBe(2)
    expect(response.text).not.toContain('[DONE]')
  })

  test('reset on accept breaks the connection before a request is recorded', async () => {
    emulator.setFaults([{ kind: 'reset', when: 'accept', times: 1 }])
    await expect(whole()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(emulator.requests).toHaveLength(0)
    expect((await whole()).status).toBe(200)
  })

  test('reset before headers breaks the connection after the request was read', async () => {
    emulator.setFaults([{ kind: 'reset', when: 'before-headers' }])
    await expect(stream()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(emulator.requests[0]).toMatchObject({ json: { ...body, stream: true }, status: undefined, fault: 'reset' })
  })

  test('reset in mid-stream comes after the events', async () => {
    emulator.setFaults([{ kind: 'reset', when: 'mid-stream', afterEvents: 2 }])
    const response = await stream()
    expect(response).toMatchObject({ complete: false, errorCode: 'ECONNRESET' })
    expect(countEvents(response.text)).toBe(2)
  })

  test('stall before headers sends nothing until the client leaves', async () => {
    emulator.setFaults([{ kind: 'stall', when: 'before-headers' }])
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1')
    socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n')
    await until(() => emulator.requests[0]?.fault === 'stall')
    socket.destroy()
    await until(() => emulator.requests[0]?.closedByClient === true)
    expect(emulator.requests[0]?.status).toBeUndefined()
    expect(socket.bytesRead).toBe(0)
  })

  test('stall before the first token sends headers, then only comments if asked to', async () => {
    emulator.setFaults([{ kind: 'stall', when: 'before-first-token', keepAliveComments: 1 }])
    const onRead = (text: string, abort: () => void) => text.split(': keep-alive\n\n').length > 3 && abort()
    const response = await rawRequest(`${emulator.baseUrl}/chat/completions`, {
      body: { ...body, stream: true },
      onRead,
    })
    expect(response.status).toBe(200)
    expect(response.text).toMatch(/^(: keep-alive\n\n)+$/)
    await until(() => emulator.requests[0]?.closedByClient === true)
  })

  test('stall in mid-stream goes on after its duration', async () => {
    emulator.setFaults([{ kind: 'stall', when: 'mid-stream', afterEvents: 2, durationMs: 5, keepAliveComments: 1 }])
    const { text, complete } = await stream()
    expect(complete).toBe(true)
    expect(text).toMatch(/^(data: [^\n]*\n\n){2}(: keep-alive\n\n)+data: /)
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('slow-first-token changes nothing but the time', async () => {
    const plain = await stream()
    emulator.setFaults([{ kind: 'slow-first-token', delayMs: 20 }])
    const slow = await stream()
    expect(eventsOf(slow.text).map(({ choices }) => choices)).toEqual(
      eventsOf(plain.text).map(({ choices }) => choices),
    )
    expect((await whole()).status).toBe(200)
  })

  test('error-event reports the platform error inside the stream', async () => {
    emulator.setFaults([{ kind: 'error-event', afterEvents: 1 }])
    const response = await stream()
    const [, error] = eventsOf(response.text)
    expect(error).toMatchObject({ error: { type: 'InternalServerError', code: 500 } })
    expect(response).toMatchObject({ status: 200, complete: true, text: expect.stringMatching(/data: \[DONE\]\n\n$/) })
  })

  test('error-event sends the body it is given', async () => {
    emulator.setFaults([{ kind: 'error-event', body: { object: 'error', message: 'x' } }])
    expect((await stream()).text).toBe('data: {"object":"error","message":"x"}\n\ndata: [DONE]\n\n')
  })

  test.each([1, 7])('split-writes by %i leaves the content as it is', async (bytes) => {
    emulator.setFaults([{ kind: 'split-writes', bytes }])
    const response = await stream()
    const text = eventsOf(response.text).map(
      ({ choices }) => (choices as { delta: { content: string } }[])[0]?.delta.content,
    )
    expect(text.join('')).toBe('one two three four five')
    expect(JSON.parse((await whole()).text)).toMatchObject({ object: 'chat.completion' })
  })

  test('bytes writes outside HTTP', async () => {
    emulator.setFaults([{ kind: 'bytes', chunks: [{ utf8: 'SSH-2.0-OpenSSH_9.6\r\n' }, { hex: '00ff' }] }])
    await expect(whole()).rejects.toMatchObject({ code: 'HPE_INVALID_CONSTANT' })
  })
})

describe('raw', () => {
  const response = {
    status: 200,
    headers: [
      ['content-type', 'text/event-stream'],
      ['Retry-After', '{{http_date:+2s}}'],
    ],
    chunks: [{ utf8: 'data: é\n' }, { hex: '0a' }, { repeat_utf8: 'ab', count: 3 }],
  } as const

  test('replays text, hexadecimal digits and repetitions', async () => {
    emulator.setFaults([{ kind: 'raw', response }])
    const answer = await whole()
    expect(answer).toMatchObject({ status: 200, text: 'data: é\n\nababab', complete: true })
    expect(Date.parse(String(answer.headers['retry-after']))).toBeGreaterThan(Date.now() - 1_000)
    expect(answer.rawHeaders).toContain('Retry-After')
  })

  test('cuts anywhere with rechunk_bytes', async () => {
    emulator.setFaults([{ kind: 'raw', response: { ...response, rechunk_bytes: 1 } }])
    expect((await whole()).text).toBe('data: é\n\nababab')
  })

  test('destroys', async () => {
    emulator.setFaults([{ kind: 'raw', response: { ...response, end: 'destroy' } }])
    expect(await whole()).toMatchObject({ complete: false, errorCode: 'ECONNRESET', text: 'data: é\n\nababab' })
  })

  test('hangs until the client leaves', async () => {
    emulator.setFaults([{ kind: 'raw', response: { ...response, end: 'hang' } }])
    await rawRequest(`${emulator.url}/health`, { onRead: (text, abort) => text.endsWith('ababab') && abort() })
    await until(() => emulator.requests[0]?.closedByClient === true)
  })

  test('plays a sequence, one response per request, then answers normally', async () => {
    emulator.setFaults([
      { kind: 'raw', response: { sequence: [{ status: 503, headers: [['content-length', '0']] }, { status: 429 }] } },
    ])
    const answers = [await whole(), await whole(), await whole()]
    expect(answers.map(({ status }) => status)).toEqual([503, 429, 200])
  })
})

describe('triggers', () => {
  const statuses = async (count: number) => {
    const result: number[] = []
    for (let index = 0; index < count; index += 1) result.push((await rawRequest(`${emulator.url}/health`)).status)
    return result
  }
  const failure: Fault = { kind: 'status', status: 503 }

  test('after and times choose a stretch', async () => {
    emulator.setFaults([{ ...failure, after: 1, times: 2 }])
    expect(await statuses(5)).toEqual([200, 503, 503, 200, 200])
  })

  test('requests chooses positions', async () => {
    emulator.setFaults([{ ...failure, requests: [0, 3] }])
    expect(await statuses(4)).toEqual([503, 200, 200, 503])
  })

  test('path and method must both match', async () => {
    emulator.setFaults([
      { ...failure, path: '/version' },
      { ...failure, method: 'POST' },
    ])
    expect(await statuses(1)).toEqual([200])
    expect((await rawRequest(`${emulator.url}/version?x`)).status).toBe(503)
    expect((await whole()).status).toBe(503)
  })

  test('probability follows the seed', async () => {
    emulator.setFaults([{ ...failure, probability: 0.5 }])
    const first = await statuses(20)
    emulator.setFaults([{ ...failure, probability: 0.5 }])
    expect(await statuses(20)).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 503]))
  })

  test.each<[Record<string, unknown>, RegExp]>([
    [{ kind: 'explode' }, /faults\[0\]\.kind.*status, html/],
    [{ kind: 'status', status: 42 }, /faults\[0\]\.status/],
    [{ kind: 'status' }, /faults\[0\]\.status/],
    [{ kind: 'html', probability: 2 }, /probability/],
    [{ kind: 'split-writes', bytes: 0 }, /bytes/],
    [{ kind: 'stall', when: 'later' }, /when.*before-headers/],
    [{ kind: 'slow-first-token', delayMs: 2 ** 31 }, /delayMs/],
    [{ kind: 'raw', response: { connection: 'nothing listens' } }, /response\.status/],
    [{ kind: 'raw', response: { sequence: [{ status: 200, rechunk_bytes: 0 }] } }, /sequence\[0\]\.rechunk_bytes/],
  ])('%o is refused and the old faults stay', async (fault, message) => {
    emulator.setFaults([failure])
    expect(() => emulator.setFaults([fault as unknown as Fault])).toThrow(message)
    expect(await statuses(1)).toEqual([503])
  })
})

test('the package depends on none of those whose mistakes it must not share', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: object
  }
  expect(Object.keys(manifest.dependencies)).toEqual(['@duo-models/rules'])
})
