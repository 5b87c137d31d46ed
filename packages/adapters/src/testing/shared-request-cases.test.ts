import { describe, expect, it } from 'vitest'
import type { AdapterCall, AdapterConnection, ModelAdapter } from '../adapter.js'
import { ServerError } from '../errors/server-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { vllmAdapter } from '../vllm/vllm-adapter.js'
import type { ConformanceCase } from './conformance-case.js'
import { runAdapterConformance } from './run-adapter-conformance.js'
import { createSharedRequestCases, openAIFormatSharedAnswer } from './shared-request-cases.js'

type StreamMany = NonNullable<AdapterConnection['streamMany']>
type Streams = ReturnType<StreamMany>

const cases = createSharedRequestCases(openAIFormatSharedAnswer)

function pick(id: string): readonly ConformanceCase[] {
  return cases.filter((each) => each.id === id)
}

/** The vLLM adapter with streams that are made of its own by `spoil`. */
function spoiled(spoil: (streamMany: StreamMany) => StreamMany): ModelAdapter {
  return {
    platform: 'made-up',
    connect: async (target, context) => {
      const inner = await vllmAdapter.connect(target, context)
      const { sharingKey, streamMany } = inner as Required<AdapterConnection>
      return {
        generate: inner.generate.bind(inner),
        stream: inner.stream.bind(inner),
        sharingKey: sharingKey.bind(inner),
        streamMany: spoil(streamMany.bind(inner)),
        close: inner.close.bind(inner),
      }
    },
  }
}

async function* each(
  stream: Streams[number],
  {
    onError,
    onBatch = (batch) => batch,
  }: {
    onError?: (error: unknown) => AdapterEvent
    onBatch?: (batch: readonly AdapterEvent[]) => readonly AdapterEvent[]
  },
): AsyncGenerator<readonly AdapterEvent[], void, undefined> {
  try {
    for await (const batch of stream) yield onBatch(batch)
  } catch (error) {
    if (onError === undefined) throw error
    yield [onError(error)]
  }
}

const end: AdapterEvent = { type: 'response-end', finishReason: { unified: 'stop', raw: 'stop' }, usage: {} }
const theSameError = new ServerError({ message: 'The same for all.', status: 500 })

const faults: readonly (readonly [what: string, id: string, adapter: ModelAdapter])[] = [
  [
    'gives an answer to the wrong caller',
    'shared-own-events',
    spoiled((streamMany) => (requests, calls) => [...streamMany(requests, calls)].reverse()),
  ],
  [
    'sends a request for each',
    'shared-own-events',
    spoiled(
      (streamMany) => (requests, calls) =>
        requests.map((request, index) => streamMany([request], [calls[index] as AdapterCall])[0] as Streams[number]),
    ),
  ],
  [
    'takes a body that was cut for a complete answer',
    'shared-cut',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(requests, calls).map((stream) => each(stream, { onError: () => end })),
    ),
  ],
  [
    'loses what had come',
    'shared-cut',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(requests, calls).map((stream) =>
          each(stream, { onBatch: (batch) => batch.filter(({ type }) => type !== 'text-delta') }),
        ),
    ),
  ],
  [
    'lets one caller end all',
    'shared-abort',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(
          requests,
          requests.map(() => calls[0] as AdapterCall),
        ),
    ),
  ],
  [
    'does not hear a caller leave',
    'shared-abort',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(
          requests,
          calls.map((call) => ({ ...call, signal: new AbortController().signal })),
        ),
    ),
  ],
  [
    'goes on for a caller who stops reading',
    'shared-stop-reading',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(requests, calls).map((stream) => {
          const iterator = stream[Symbol.asyncIterator]()
          return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) }
        }),
    ),
  ],
  [
    'gives all the same error',
    'shared-error',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(requests, calls).map((stream) =>
          each(stream, {
            onError: () => {
              throw theSameError
            },
          }),
        ),
    ),
  ],
  [
    'answers where the server refused',
    'shared-refusal',
    spoiled(
      (streamMany) => (requests, calls) =>
        streamMany(requests, calls).map((stream) => each(stream, { onError: () => end })),
    ),
  ],
]

describe('the cases for prompts that share a request', () => {
  it.each(faults)('find an adapter that %s (%s)', async (_what, id, adapter) => {
    const { results } = await runAdapterConformance({ adapter, cases: pick(id), caseTimeoutMs: 2_000 })
    expect(results).toMatchObject([{ outcome: 'failed' }])
  })

  it('are skipped, with the reason, for an adapter that has nothing of it', async () => {
    const adapter: ModelAdapter = {
      platform: 'made-up',
      connect: () => ({
        generate: () => Promise.reject(new Error('not here')),
        stream: async function* () {},
        close: () => Promise.resolve(),
      }),
    }
    const { ok, results } = await runAdapterConformance({ adapter, cases })
    expect(ok).toBe(true)
    expect(results).toHaveLength(6)
    for (const { outcome, message } of results)
      expect({ outcome, message }).toEqual({
        outcome: 'skipped',
        message: 'The adapter has no streamMany(): prompts do not share requests.',
      })
  })

  it('fail for one that has half of it, and for a skip that nobody needs', async () => {
    const half: ModelAdapter = {
      platform: 'made-up',
      connect: async (target, context) => {
        const inner = await vllmAdapter.connect(target, context)
        return Object.defineProperty(inner, 'sharingKey', { value: undefined })
      },
    }
    const { results } = await runAdapterConformance({ adapter: half, cases: pick('shared-cut') })
    expect(results).toMatchObject([{ outcome: 'failed', message: expect.stringContaining('it takes both') }])
    const none = spoiled(() => undefined as never)
    const without: ModelAdapter = {
      platform: 'made-up',
      connect: async (target, context) =>
        Object.defineProperty(await none.connect(target, context), 'sharingKey', { value: undefined }),
    }
    const skip = { 'shared-cut': 'Not here.' }
    const report = await runAdapterConformance({ adapter: without, cases: pick('shared-cut'), skip })
    expect(report.results).toMatchObject([
      { outcome: 'failed', message: expect.stringMatching(/does not apply: its skip/) },
    ])
  })
})
