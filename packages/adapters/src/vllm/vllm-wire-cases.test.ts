import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorCode } from '../errors/duo-model-error-code.js'
import { type ByteServer, chunked, lastChunk, responseHead, startByteServer } from '../testing/byte-server.js'
import { connectTo, openCall, runStream, type StreamOutcome } from '../testing/run-stream.js'

interface WireCase {
  readonly id: string
  readonly name: string
  readonly request: { readonly body: { readonly stream?: boolean } }
  readonly server: {
    readonly connection?: string
    readonly status: number
    readonly headers: readonly (readonly [string, string])[]
    readonly chunks: readonly { readonly utf8?: string; readonly hex?: string }[]
    readonly end: 'end' | 'destroy' | 'hang'
  }
  readonly expect: {
    readonly outcome: string
    readonly text?: string
    readonly finish_reason?: string
    readonly usage?: {
      readonly prompt_tokens: number
      readonly completion_tokens: number
      readonly total_tokens: number
    }
    readonly choices?: readonly { readonly text: string; readonly finish_reason: string }[]
    readonly tool_calls?: readonly object[]
    readonly error_class?: string
    readonly retryable?: boolean
    readonly http_status?: number
    readonly partial_text?: string
    readonly limit?: number
    readonly requested?: number
    readonly field?: string
  }
}

const file = new URL('./__fixtures__/vllm-wire-cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: WireCase[] }

const codes: Readonly<Record<string, DuoModelErrorCode>> = {
  auth: 'authentication',
  invalid_request: 'invalid-request',
  unsupported_parameter: 'unsupported-parameter',
  context_length: 'context-length',
  quota: 'quota',
  server: 'server',
  connection: 'connection',
  stream_truncated: 'stream-interrupted',
  cancelled: 'aborted',
}

/** The time limit of a silent stream belongs to the caller of the adapter, so these are checked as an abort. */
const abortedCases = new Set(['sse-26', 'vllm-35'])

function bodyOf({ server }: WireCase): Buffer {
  return Buffer.concat(
    server.chunks.map(({ utf8, hex }) => Buffer.from(utf8 ?? hex ?? '', utf8 === undefined ? 'hex' : 'utf8')),
  )
}

/** Answers with the case's bytes, the body in two writes that the network does not join. */
async function answer(socket: Socket, wireCase: WireCase, cut: number): Promise<void> {
  const { status, headers, end } = wireCase.server
  const hasLength = headers.some(([name]) => name === 'content-length')
  socket.setNoDelay(true)
  socket.write(responseHead(status, hasLength ? headers : [...headers, ['transfer-encoding', 'chunked']]))
  const body = bodyOf(wireCase)
  for (const part of [body.subarray(0, cut), body.subarray(cut)]) {
    if (part.length > 0) socket.write(chunked(part))
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (end === 'end' && !hasLength) socket.write(lastChunk)
  if (end === 'destroy') socket.resetAndDestroy()
}

async function withServer<T>(
  wireCase: WireCase,
  cuts: readonly number[],
  use: (server: ByteServer) => Promise<T>,
): Promise<T> {
  let count = 0
  const server = await startByteServer((socket) => answer(socket, wireCase, cuts[count++ % cuts.length] ?? 0))
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

async function run(wireCase: WireCase, server: ByteServer): Promise<StreamOutcome> {
  const connection = await connectTo(server.origin)
  try {
    return await runCase(wireCase, connection)
  } finally {
    await connection.close()
  }
}

async function runCase(wireCase: WireCase, connection: Awaited<ReturnType<typeof connectTo>>): Promise<StreamOutcome> {
  if (wireCase.request.body.stream) return runStream(connection)
  try {
    const { text } = await connection.generate(
      { kind: 'chat', messages: [{ role: 'user', content: 'Hi' }] },
      openCall(),
    )
    return { events: [], text, error: undefined }
  } catch (error) {
    if (DuoModelError.is(error)) return { events: [], text: '', error }
    throw error
  }
}

function check({ expect: expected }: WireCase, { events, text, error }: StreamOutcome): void {
  if (expected.outcome === 'error') {
    expect(error?.code).toBe(codes[expected.error_class ?? ''])
    expect(error?.retryable).toBe(expected.retryable)
    if (expected.http_status !== undefined && expected.http_status !== 200)
      expect(error?.status).toBe(expected.http_status)
    if (expected.partial_text !== undefined) expect(error?.partial?.text).toBe(expected.partial_text)
    if (expected.limit !== undefined)
      expect(error).toMatchObject({ maxModelLength: expected.limit, requestedTokens: expected.requested })
    if (expected.field !== undefined) expect(error).toMatchObject({ parameter: expected.field })
    return
  }
  const first = expected.choices?.[0]
  expect(error).toBeUndefined()
  expect(text).toBe(first?.text ?? expected.text)
  const last = events.at(-1)
  expect(last).toMatchObject({
    type: 'response-end',
    finishReason: { raw: first?.finish_reason ?? expected.finish_reason },
  })
  if (expected.usage && last?.type === 'response-end') {
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens } = expected.usage
    expect(last.usage).toEqual({ inputTokens, outputTokens, totalTokens })
  }
  if (expected.tool_calls) {
    const ended = events.filter((event) => event.type === 'tool-call-end').map(({ type: _type, ...call }) => call)
    expect(ended).toEqual(expected.tool_calls)
  }
}

describe('wire cases', () => {
  for (const wireCase of cases) {
    if (abortedCases.has(wireCase.id)) {
      it(`${wireCase.id}: ${wireCase.name}`, async () => {
        await withServer(wireCase, [0], async (server) => {
          const controller = new AbortController()
          const connection = await connectTo(server.origin)
          const read = async () => {
            for await (const batch of connection.stream({ kind: 'chat', messages: [] }, openCall(controller.signal)))
              if (batch.some((event) => event.type === 'text-delta')) controller.abort(new Error('enough'))
          }
          await expect(read()).rejects.toMatchObject({ code: 'aborted', phase: 'stream', partial: { text: 'Hel' } })
          await expect.poll(() => server.connections.open).toBe(0)
          expect(server.requests.length).toBe(1)
        })
      })
      continue
    }
    if (wireCase.server.connection !== undefined) {
      it(`${wireCase.id}: ${wireCase.name}`, async () => {
        const server = await startByteServer(() => undefined)
        await server.close()
        check(wireCase, await run(wireCase, server))
      })
      continue
    }
    it(`${wireCase.id}: ${wireCase.name}`, async () => {
      await withServer(wireCase, [0], async (server) => check(wireCase, await run(wireCase, server)))
    })
    it(`${wireCase.id}: the same in two writes, cut at every byte`, { timeout: 60_000 }, async () => {
      const length = bodyOf(wireCase).length
      const cuts = Array.from({ length: Math.max(length - 1, 1) }, (_, index) => index + 1)
      await withServer(wireCase, cuts, async (server) => {
        const connection = await connectTo(server.origin)
        for (const _cut of cuts) check(wireCase, await runCase(wireCase, connection))
        await connection.close()
      })
    })
  }
})
