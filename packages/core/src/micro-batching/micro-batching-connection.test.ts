import { type AdapterConnection, type AdapterRequest, type BatchIterator, loadAdapter } from '@duo-models/adapters'
import { type Emulator, startEmulator, type VllmEmulatorOptions } from '@duo-models/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { AttemptCall } from '../attempt-call.js'
import { failureOf } from '../testing/emulated-client.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import { MicroBatchingAdapter } from './micro-batching-adapter.js'

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()))
})

/** A connection whose time stands still: what waits for others waits until there is another reason to send it. */
async function connect(options: Partial<VllmEmulatorOptions> = {}, clock = new VirtualClock()) {
  const server = await startEmulator({ platform: 'vllm', servedModelName: 'served', speed: 0, ...options })
  const adapter = new MicroBatchingAdapter(await loadAdapter('vllm'), { maxSize: 100, maxWaitMs: 5 }, clock)
  const target = { deployment: 'code', model: 'm', servedModelName: 'served', endpoint: server.baseUrl, settings: {} }
  const connection = await adapter.connect(target, { connectTimeoutMs: 2_000, maxConnections: 8 })
  open.push(async () => {
    await server.close()
    await connection.close()
  })
  return { adapter, connection, server, clock }
}

const prompt = (text: string): AdapterRequest => ({ kind: 'completion', prompt: text, maxOutputTokens: 8 })
const iterate = (connection: AdapterConnection, text: string, call = new AttemptCall(text)): BatchIterator =>
  connection.stream(prompt(text), call)[Symbol.asyncIterator]()
const promptsOf = ({ requests }: Emulator) => requests.map(({ json }) => (json as { prompt: unknown }).prompt)
const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 1, requests: [0] } as const

describe('MicroBatchingConnection', () => {
  it('sends what waits when nothing is under way any more', async () => {
    const { connection, server } = await connect({ faults: [stall] })
    const call = new AttemptCall('first')
    const first = iterate(connection, 'first', call)
    await first.next()
    const waiting = ['a', 'b'].map((text) => iterate(connection, text).next())
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(promptsOf(server)).toEqual(['first'])
    call.abort()
    for (const item of await Promise.all(waiting)) expect(item.value?.[0]).toMatchObject({ type: 'response-start' })
    expect(promptsOf(server)).toEqual(['first', ['a', 'b']])
  })

  it('sends what waits when its time has come', async () => {
    const { connection, server, clock } = await connect({ faults: [stall] })
    await iterate(connection, 'first').next()
    const waiting = ['a', 'b'].map((text) => iterate(connection, text).next())
    await clock.run(4)
    expect(promptsOf(server)).toEqual(['first'])
    await clock.run(5)
    await Promise.all(waiting)
    expect(promptsOf(server)).toEqual(['first', ['a', 'b']])
  })

  it('knows that a caller has left who was not reading, or let go of the stream', async () => {
    const { connection, server } = await connect({ faults: [{ ...stall, requests: [0, 1, 2] }] })
    const call = new AttemptCall('a')
    await iterate(connection, 'a', call).next()
    call.abort()
    const second = iterate(connection, 'b')
    await second.next()
    await second.return?.()
    expect(await second.next()).toMatchObject({ done: true })
    await iterate(connection, 'c').next()
    expect(promptsOf(server)).toEqual(['a', 'b', 'c'])
  })

  it('does not send for a caller who left while it waited', async () => {
    const { connection, server } = await connect({ faults: [stall] })
    const call = new AttemptCall('first')
    await iterate(connection, 'first', call).next()
    const calls = ['a', 'b', 'c', 'd'].map((text) => new AttemptCall(text))
    const iterators = calls.map((each) => iterate(connection, each.requestId, each))
    const items = iterators.map((iterator) => iterator.next())
    const left = failureOf(items[1] as Promise<unknown>)
    calls[1]?.abort()
    expect(await left).toMatchObject({ code: 'aborted', requestId: 'b' })
    await iterators[2]?.return?.()
    call.abort()
    await Promise.all([items[0], items[3]])
    expect(promptsOf(server)).toEqual(['first', ['a', 'd']])
  })

  it('counts a caller who had left before', async () => {
    const { connection, server } = await connect()
    const call = new AttemptCall('a')
    call.abort()
    expect(await failureOf(iterate(connection, 'a', call).next())).toMatchObject({ code: 'aborted' })
    expect(await failureOf(connection.generate(prompt('b'), call))).toMatchObject({ code: 'aborted' })
    await iterate(connection, 'c').next()
    expect(promptsOf(server)).toEqual(['c'])
  })

  it('shares again when the pause after a failure is over, which doubles with each further one', async () => {
    const dies = { kind: 'status', status: 500, body: 'no', requests: [1, 3] } as const
    const { connection, server, clock } = await connect({ faults: [stall, dies] })
    await iterate(connection, 'first').next()
    const both = async (): Promise<unknown[]> => {
      const items = ['a', 'b'].map((text) => iterate(connection, text).next())
      const settled = Promise.allSettled(items)
      await clock.run(clock.now() + 5)
      return settled
    }
    await both()
    await clock.run(900)
    await iterate(connection, 'alone').next()
    await clock.run(1_100)
    await both()
    await clock.run(3_000)
    await iterate(connection, 'alone').next()
    await clock.run(3_200)
    await both()
    expect(promptsOf(server)).toEqual(['first', ['a', 'b'], 'alone', ['a', 'b'], 'alone', ['a', 'b']])
  })

  it('leaves alone a platform that cannot share', async () => {
    const connection: AdapterConnection = {
      generate: () => Promise.reject(new Error('no')),
      stream: async function* () {},
      close: () => Promise.resolve(),
    }
    const settings = { maxSize: 2, maxWaitMs: 1 }
    const own = { platform: 'own', supportsRawPrompts: true, connect: () => connection }
    const adapter = new MicroBatchingAdapter(own, settings, new VirtualClock())
    expect(adapter).toMatchObject({ platform: 'own', supportsRawPrompts: true })
    const target = { deployment: 'd', model: 'm', servedModelName: 's', settings: {} }
    expect(await adapter.connect(target, { connectTimeoutMs: 1, maxConnections: 1 })).toBe(connection)
  })

  it('passes a probe on', async () => {
    const { connection } = await connect()
    const { signal } = new AbortController()
    expect(await connection.probe?.({ signal, timeoutMs: 2_000 })).toMatchObject({ isReachable: true })
  })
})
