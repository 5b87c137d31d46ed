import {
  AbortedError,
  type DuoModelError,
  type StreamEvent,
  StreamInterruptedError,
  TimeoutError,
} from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Call } from '../call.js'
import type { StreamReceiver } from '../model-stream.js'
import type { StartedStream } from '../pending-stream.js'
import { timerWheelOf } from '../scheduling/timer-wheel.js'
import { countContent } from '../stream-timing.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import { SharedStream } from './shared-stream.js'
import type { SharedStreamReader } from './shared-stream-reader.js'

type Batch = readonly StreamEvent[]

const start: StreamEvent = { type: 'response-start', id: 'r-1', model: 'served' }
const text = (value: string): StreamEvent => ({ type: 'text-delta', text: value })
const usage = (outputTokens: number): StreamEvent => ({ type: 'usage', usage: { outputTokens } })
const end: StreamEvent = {
  type: 'response-end',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: { outputTokens: 2 },
  timing: { timeToFirstTokenMs: 1, endToEndLatencyMs: 1, schedulerQueueTimeMs: 300 },
}
const gone = () => new AbortedError({ message: 'gone' })
const broken = () => new StreamInterruptedError({ message: 'cut' })

/** A server's stream whose reads arrive when the test says so, or as soon as they are asked for. */
class ScriptedUpstream implements StartedStream {
  readonly sent = undefined
  contentEvents = 0
  reads = 0
  stopped: DuoModelError | undefined
  failure: DuoModelError | undefined
  onAsk: () => void = () => {}
  readonly #script: readonly Batch[]
  readonly #fails: boolean
  readonly #comesAtOnce: (read: number) => boolean
  #receiver: StreamReceiver | undefined

  constructor(script: readonly Batch[], fails = false, comesAtOnce: (read: number) => boolean = () => false) {
    this.#script = script
    this.#fails = fails
    this.#comesAtOnce = comesAtOnce
  }

  get isAsked(): boolean {
    return this.#receiver !== undefined
  }

  next(receiver: StreamReceiver): void {
    expect(this.isAsked).toBe(false)
    expect(this.stopped).toBeUndefined()
    this.onAsk()
    this.#receiver = receiver
    if (this.#comesAtOnce(this.reads)) this.arrive()
  }

  arrive(): void {
    const receiver = this.#receiver
    const batch = this.#script[this.reads]
    this.#receiver = undefined
    if (batch !== undefined) {
      this.reads += 1
      this.contentEvents += countContent(batch)
      receiver?.take(batch)
    } else if (this.#fails) {
      this.failure = broken()
      receiver?.fail(this.failure)
    } else receiver?.take(undefined)
  }

  stop(failure: DuoModelError): void {
    expect(this.stopped).toBeUndefined()
    this.stopped = failure
  }
}

/** A caller: asks for reads one at a time and notes what it gets, as a `ModelStream` does. */
class Caller implements StreamReceiver {
  readonly events: StreamEvent[] = []
  readonly call: Call
  reads = 0
  isWaiting = false
  hasEnded = false
  failure: DuoModelError | undefined
  /** How often it was told that its call is over. */
  ends = 0
  readonly #reader: SharedStreamReader

  constructor(shared: SharedStream, clock: VirtualClock, totalMs = 1_000) {
    const limits = { firstTokenMs: 10, interTokenMs: 10, totalMs }
    this.call = new Call({ requestId: shared.requestId, limits, signal: undefined, clock })
    this.#reader = shared.join(this.call, () => {
      this.ends += 1
    })
  }

  get isActive(): boolean {
    return !this.hasEnded && this.failure === undefined
  }

  read(): void {
    if (this.isWaiting || !this.isActive) return
    this.isWaiting = true
    this.#reader.next(this)
  }

  take(batch: Batch | undefined): void {
    expect(this.isWaiting).toBe(true)
    this.isWaiting = false
    if (batch === undefined) this.hasEnded = true
    else {
      this.reads += 1
      this.events.push(...batch)
      if (batch.at(-1)?.type === 'response-end') this.hasEnded = true
    }
  }

  fail(failure: DuoModelError): void {
    this.isWaiting = false
    this.failure = failure.addContext({ partial: { text: this.text, reasoning: '', toolCalls: [] } })
    this.#reader.stop(failure)
  }

  get text(): string {
    return this.events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
  }

  get contentEvents(): number {
    return this.#reader.contentEvents
  }
}

function share(upstream: ScriptedUpstream, clock: VirtualClock, maxKept?: number, onSealed = () => {}): SharedStream {
  const limits = { firstTokenMs: 10, interTokenMs: 10, totalMs: Number.POSITIVE_INFINITY }
  const call = new Call({ requestId: 'q-1', limits, signal: undefined, clock })
  return new SharedStream(upstream, call, onSealed, maxKept)
}

function readAll(caller: Caller, upstream: ScriptedUpstream): void {
  while (caller.isActive) {
    caller.read()
    if (upstream.isAsked) upstream.arrive()
  }
}

function join(shared: SharedStream, clock: VirtualClock): Caller {
  const caller = new Caller(shared, clock)
  caller.read()
  return caller
}

describe('SharedStream', () => {
  it('times each caller from its own call', async () => {
    const clock = new VirtualClock()
    const upstream = new ScriptedUpstream([[start], [text('a')], [text('b'), end]])
    const shared = share(upstream, clock)
    const first = join(shared, clock)
    upstream.arrive()
    first.read()
    await clock.run(100)
    upstream.arrive()
    await clock.run(250)
    const second = join(shared, clock)
    await clock.run(270)
    second.read()
    await clock.run(300)
    readAll(first, upstream)
    readAll(second, upstream)
    const timing = ({ events }: Caller) => events.find((event) => event.type === 'response-end')?.timing
    expect(timing(first)).toEqual({
      timeToFirstTokenMs: 100,
      interTokenLatencyMs: 200,
      endToEndLatencyMs: 300,
      schedulerQueueTimeMs: 300,
    })
    expect(timing(second)).toEqual({
      timeToFirstTokenMs: 20,
      interTokenLatencyMs: 30,
      endToEndLatencyMs: 50,
      schedulerQueueTimeMs: 50,
    })
    expect([first.contentEvents, second.contentEvents]).toEqual([2, 2])
  })

  it('ends each caller at its own total limit, and the stream with the last one', async () => {
    const clock = new VirtualClock()
    const upstream = new ScriptedUpstream([[start]])
    const shared = share(upstream, clock)
    const first = join(shared, clock)
    await clock.run(500)
    const second = join(shared, clock)
    await clock.run(1_100)
    expect(first.failure).toBeInstanceOf(TimeoutError)
    expect([second.failure, upstream.stopped]).toEqual([undefined, undefined])
    await clock.run(1_600)
    expect(second.failure).toMatchObject({ code: 'timeout', which: 'total', requestId: 'q-1' })
    expect(upstream.stopped).toBe(second.failure)
    expect(timerWheelOf(clock).size).toBe(0)
  })

  it('gives each caller a failure of its own, after all events that came before it', () => {
    const clock = new VirtualClock()
    const upstream = new ScriptedUpstream([[start, text('a')], [text('b'), usage(2)], [text('c')]], true)
    const shared = share(upstream, clock)
    const [front, beside, behind] = [0, 1, 2].map(() => join(shared, clock)) as [Caller, Caller, Caller]
    readAll(front, upstream)
    readAll(beside, upstream)
    expect(behind.isActive).toBe(true)
    readAll(behind, upstream)
    const failures = [front, beside, behind].map(({ failure }) => failure)
    expect(new Set(failures).size).toBe(3)
    expect(upstream.failure?.partial?.text).toBe('abc')
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(StreamInterruptedError)
      expect(failure?.partial?.text).toBe('abc')
      expect(failure?.stack).toBe(upstream.failure?.stack)
      expect(JSON.parse(JSON.stringify(failure))).toMatchObject({ code: 'stream-interrupted', message: 'cut' })
    }
  })

  it('tells the tokens of a failure that no caller has come to yet', () => {
    const clock = new VirtualClock()
    const upstream = new ScriptedUpstream(
      [
        [start, text('a')],
        [text('b'), usage(2)],
      ],
      true,
    )
    const shared = share(upstream, clock)
    const front = join(shared, clock)
    const behind = join(shared, clock)
    upstream.arrive()
    front.read()
    upstream.arrive()
    front.read()
    front.fail(gone())
    upstream.arrive()
    expect(upstream.failure?.partial).toEqual({ text: '', reasoning: '', toolCalls: [], usage: { outputTokens: 2 } })
    readAll(behind, upstream)
    expect(behind.failure?.partial?.text).toBe('ab')
  })

  it('lets nobody change what the others get', () => {
    const clock = new VirtualClock()
    const upstream = new ScriptedUpstream([[start, text('a')], [end]])
    const shared = share(upstream, clock)
    const callers = [0, 1].map(() => join(shared, clock)) as [Caller, Caller]
    readAll(callers[0], upstream)
    expect(() => Object.assign(callers[0].events[1] as object, { text: 'x' })).toThrow(TypeError)
    readAll(callers[1], upstream)
    expect(callers[1].text).toBe('a')
  })

  it('survives any number of reads that hold nothing and are there at once', () => {
    const clock = new VirtualClock()
    const empty = Array.from({ length: 20_000 }, () => [])
    const upstream = new ScriptedUpstream([[start], ...empty, [end]], false, () => true)
    const shared = share(upstream, clock)
    const callers = [0, 1].map(() => join(shared, clock)) as [Caller, Caller]
    for (const caller of callers) readAll(caller, upstream)
    expect(callers.map(({ reads }) => reads)).toEqual([20_002, 20_002])
  })

  it('serves whoever stays, whoever joins, reads, pauses and leaves, in bounded memory', () => {
    const batch = fc.array(fc.string({ maxLength: 200, size: 'max' }).map(text), { maxLength: 3 })
    const steps = fc.array(
      fc.record({
        kind: fc.constantFrom('join', 'read', 'read', 'read', 'arrive', 'arrive', 'leave', 'abort'),
        who: fc.nat(3),
      }),
      { maxLength: 80, size: 'max' },
    )
    const property = fc.property(
      fc.array(batch, { maxLength: 12, size: 'max' }),
      fc.boolean(),
      fc.array(fc.boolean(), { maxLength: 14 }),
      fc.integer({ min: 1, max: 900 }),
      steps,
      (batches, fails, atOnce, maxKept, given) => {
        const simulation = new Simulation(
          fails ? [[start], ...batches] : [[start], ...batches, [end]],
          fails,
          atOnce,
          maxKept,
        )
        for (const { kind, who } of given) {
          simulation.step(kind, who)
          simulation.check()
        }
        simulation.finish()
      },
    )
    fc.assert(property, { numRuns: 500 })
  })
})

interface Sharing {
  readonly upstream: ScriptedUpstream
  readonly shared: SharedStream
  readonly callers: Caller[]
  isSealed: boolean
}

/** Callers of one request, as a client has them: who finds no stream to join starts a new one. */
class Simulation {
  readonly #clock = new VirtualClock()
  readonly #script: readonly Batch[]
  readonly #fails: boolean
  readonly #atOnce: readonly boolean[]
  readonly #maxKept: number
  readonly #sharings: Sharing[] = []
  readonly #left = new Set<Caller>()

  constructor(script: readonly Batch[], fails: boolean, atOnce: readonly boolean[], maxKept: number) {
    this.#script = script
    this.#fails = fails
    this.#atOnce = atOnce
    this.#maxKept = maxKept
  }

  step(kind: string, who: number): void {
    if (kind === 'join') this.#join()
    else if (kind === 'arrive') this.#sharings.filter(({ upstream }) => upstream.isAsked)[who % 2]?.upstream.arrive()
    else {
      const active = this.#callers.filter(({ isActive }) => isActive)
      this.#act(kind, active[who % active.length])
    }
  }

  check(): void {
    for (const sharing of this.#sharings) {
      this.#checkMemory(sharing)
      this.#checkProgress(sharing)
    }
  }

  /** Everybody who is still there reads to the end. */
  finish(): void {
    for (const { callers, upstream } of this.#sharings) {
      while (callers.some(({ isActive }) => isActive)) {
        for (const caller of callers) caller.read()
        this.check()
        if (upstream.isAsked) upstream.arrive()
      }
    }
    this.check()
    for (const caller of this.#callers) this.#checkOutcome(caller)
    const failures = this.#callers.flatMap(({ failure }) => failure ?? [])
    expect(new Set(failures).size).toBe(failures.length)
    expect(timerWheelOf(this.#clock).size).toBe(0)
  }

  get #callers(): readonly Caller[] {
    return this.#sharings.flatMap(({ callers }) => callers)
  }

  #join(): void {
    const sharing = this.#sharings.find(({ isSealed }) => !isSealed) ?? this.#start()
    const caller = new Caller(sharing.shared, this.#clock)
    sharing.callers.push(caller)
    caller.read()
  }

  #start(): Sharing {
    const upstream = new ScriptedUpstream(this.#script, this.#fails, (read) => this.#atOnce[read] === true)
    const shared = share(upstream, this.#clock, this.#maxKept, () => {
      expect(sharing.isSealed).toBe(false)
      sharing.isSealed = true
    })
    const sharing: Sharing = { upstream, shared, callers: [], isSealed: false }
    upstream.onAsk = () => {
      expect(shared.keptCharacters).toBeLessThan(this.#maxKept)
      expect(sharing.callers.some((caller) => caller.isWaiting && caller.reads === upstream.reads)).toBe(true)
    }
    this.#sharings.push(sharing)
    return sharing
  }

  #act(kind: string, caller: Caller | undefined): void {
    if (caller === undefined) return
    if (kind === 'read') {
      caller.read()
      return
    }
    this.#left.add(caller)
    if (kind === 'leave') caller.fail(gone())
    else caller.call.fail(gone())
    expect(caller.isActive).toBe(false)
  }

  /** What is kept is exactly what a reader still needs, and all of it while somebody may join. */
  #checkMemory({ callers, upstream, shared, isSealed }: Sharing): void {
    const active = callers.filter(({ isActive }) => isActive)
    const oldest = isSealed ? Math.min(upstream.reads, ...active.map(({ reads }) => reads)) : 0
    const kept = this.#script.slice(active.length === 0 ? upstream.reads : oldest, upstream.reads)
    const size = (batch: Batch): number =>
      batch.reduce((sum, event) => sum + 64 + (event.type === 'text-delta' ? event.text.length : 0), 64)
    expect(shared.keptCharacters).toBe(kept.reduce((sum, batch) => sum + size(batch), 0))
  }

  /** The server's stream is stopped exactly when all have left, and whoever waits waits for somebody who can act. */
  #checkProgress({ callers, upstream, shared }: Sharing): void {
    const active = callers.filter(({ isActive }) => isActive)
    const hasEnded = this.#fails ? upstream.failure !== undefined : upstream.reads === this.#script.length
    if (!hasEnded) expect(upstream.stopped !== undefined).toBe(active.length === 0)
    if (hasEnded && active.length > 0) expect(upstream.stopped).toBeUndefined()
    for (const caller of active.filter(({ isWaiting }) => isWaiting)) {
      const isHeldUp = shared.keptCharacters >= this.#maxKept && active.some(({ isWaiting }) => !isWaiting)
      expect(caller.reads === upstream.reads && (upstream.isAsked || isHeldUp)).toBe(true)
    }
  }

  #checkOutcome(caller: Caller): void {
    const expected = this.#script.flat()
    const untimed = caller.events.map((event) => (event.type === 'response-end' ? end : event))
    expect(caller.ends).toBe(1)
    if (this.#left.has(caller)) {
      expect(untimed).toEqual(expected.slice(0, untimed.length))
      return
    }
    expect(untimed).toEqual(expected)
    expect(caller.failure?.code).toBe(this.#fails ? 'stream-interrupted' : undefined)
  }
}
