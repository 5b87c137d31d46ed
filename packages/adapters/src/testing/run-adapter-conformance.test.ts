import { describe, expect, it } from 'vitest'
import type { AdapterConnection, ModelAdapter } from '../adapter.js'
import { AbortedError } from '../errors/aborted-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { vllmAdapter } from '../vllm/vllm-adapter.js'
import { adapterConformanceCases } from './adapter-conformance-cases.js'
import type { ConformanceCase } from './conformance-case.js'
import { runAdapterConformance } from './run-adapter-conformance.js'

const stop = { finishReason: { unified: 'stop', raw: 'stop' }, usage: {} } as const

/** An adapter whose streams are made by `stream`; everything else is as little as possible. */
function adapterOf(stream: AdapterConnection['stream']): ModelAdapter {
  return {
    platform: 'made-up',
    connect: () => ({
      generate: () => Promise.reject(new Error('not here')),
      stream,
      close: () => Promise.resolve(),
    }),
  }
}

function pick(...ids: string[]): ConformanceCase[] {
  return adapterConformanceCases.filter(({ id }) => ids.includes(id))
}

const passing: ConformanceCase = { id: 'good', name: 'g', source: 's', run: () => Promise.resolve() }
const failing: ConformanceCase = { id: 'bad', name: 'b', source: 's', run: () => Promise.reject(new Error('no')) }

describe('runAdapterConformance', () => {
  it('has ids that are unique, and a source for each', () => {
    const ids = adapterConformanceCases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(adapterConformanceCases.every(({ source, name }) => source.length > 3 && name.length > 10)).toBe(true)
  })

  it('finds an adapter that reads nothing and says all is well', async () => {
    const adapter = adapterOf(async function* () {
      yield [
        { type: 'response-start', id: '', model: '' },
        { type: 'response-end', ...stop },
      ] satisfies AdapterEvent[]
    })
    const cases = adapterConformanceCases.filter(({ id }) => id.startsWith('stream-') || id.startsWith('sse-'))
    const { ok, results } = await runAdapterConformance({ adapter, cases })
    expect(ok).toBe(false)
    expect(results.filter(({ outcome }) => outcome !== 'failed')).toEqual([])
  })

  it('finds listeners that were left behind', async () => {
    const adapter = adapterOf(async function* (request, call) {
      const inner = await vllmAdapter.connect(
        { deployment: 'd', model: 'm', servedModelName: 's', endpoint: origin, settings: {} },
        { connectTimeoutMs: 2_000, maxConnections: 8 },
      )
      call.signal.addEventListener('abort', () => undefined)
      yield* inner.stream(request, call)
    })
    let origin = ''
    const { results } = await runAdapterConformance({
      adapter,
      cases: pick('sse-01'),
      target: (address) => {
        origin = `${address}/v1`
        return { deployment: 'd', model: 'm', servedModelName: 's', settings: {} }
      },
    })
    expect(results).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('Listeners left') }])
  })

  it('finds an adapter that never settles', async () => {
    const hanging = adapterOf(() => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }))
    const cases = pick('stop-reading')
    const { results } = await runAdapterConformance({ adapter: hanging, cases, caseTimeoutMs: 50 })
    expect(results).toMatchObject([{ outcome: 'failed', message: 'The case did not settle within 50 ms.' }])
  })

  it('finds requests that are sent although the call is aborted already', async () => {
    const adapter: ModelAdapter = {
      platform: 'made-up',
      connect: ({ endpoint = '' }) => ({
        generate: async () => {
          await fetch(`${endpoint}/chat/completions`, { signal: AbortSignal.timeout(50) }).catch(() => undefined)
          throw new AbortedError({ message: 'aborted' })
        },
        stream: async function* () {
          yield* []
          throw new AbortedError({ message: 'aborted' })
        },
        close: () => Promise.resolve(),
      }),
    }
    const { results } = await runAdapterConformance({ adapter, cases: pick('abort-before-sending') })
    expect(results).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('Requests that were sent') }])
  })

  it('names the errors of others', async () => {
    const adapter = adapterOf(async function* () {
      yield* []
      throw new TypeError('fetch failed')
    })
    const { results } = await runAdapterConformance({ adapter, cases: pick('sse-01') })
    expect(results).toMatchObject([
      { message: expect.stringMatching(/^Sent in one piece: .*no DuoModelError.*fetch failed/) },
    ])
  })
})

describe('a skip', () => {
  const run = (skip: Record<string, string>) =>
    runAdapterConformance({ adapter: vllmAdapter, cases: [passing, failing], skip })

  it('excuses a case that fails', async () => {
    expect(await run({ bad: 'the platform cannot' })).toEqual({
      ok: true,
      results: [
        { id: 'good', name: 'g', outcome: 'passed', message: '' },
        { id: 'bad', name: 'b', outcome: 'skipped', message: 'the platform cannot' },
      ],
    })
  })

  it.each([
    [{ good: 'was broken once', bad: 'x' }, 'no longer needed'],
    [{ bad: ' ' }, 'no reason'],
    [{ bad: 'x', bda: 'y' }, 'names no case'],
    [{ bad: 'x', toString: 'y' }, 'names no case'],
  ])('fails where it is not what it should be: %j', async (skip, words) => {
    const seen: string[] = []
    const report = await runAdapterConformance({
      adapter: vllmAdapter,
      cases: [passing, failing],
      skip,
      onResult: ({ message }) => seen.push(message),
    })
    expect(report.ok).toBe(false)
    expect(report.results.map(({ message }) => message)).toEqual(seen)
    expect(seen.join()).toContain(words)
  })
})
