import type { DuoModelError, StreamEvent } from '@duo-models/adapters'
import type { Call } from '../call.js'
import type { StreamReceiver } from '../model-stream.js'
import type { StartedStream } from '../pending-stream.js'
import { ResponseCollector } from '../response-collector.js'
import { copyFailure } from './copy-failure.js'
import { KeptRead } from './kept-read.js'
import { SharedStreamReader } from './shared-stream-reader.js'

/** How far the fastest reader may be ahead of the slowest one; see {@link KeptRead.characters}. */
const maxKeptCharacters = 4 * 1024 * 1024

/**
 * One stream from the server for several callers, each with a reader of its own. The server is asked whenever the
 * reader in front wants more, unless as much is kept as may be. Everything is kept from the first event on as long as
 * there is room: so long a further caller may join. After that, what every reader has passed is dropped. The last
 * reader to leave stops the server's stream.
 */
export class SharedStream implements StreamReceiver {
  readonly requestId: string
  /** When the call it runs under began. */
  readonly startedAt: number
  readonly #upstream: StartedStream
  readonly #onSealed: () => void
  readonly #maxKept: number
  /** Knows the tokens, for a failure that no reader has come to yet. */
  readonly #usage = new ResponseCollector()
  #first = new KeptRead()
  /** The place for what comes next: readers who are here wait. */
  #last = this.#first
  #kept = 0
  #contentEvents = 0
  #readers = 0
  #waiting: SharedStreamReader[] = []
  #isJoinable = true
  #isReading = false
  #ended = false
  #failure: DuoModelError | undefined

  /**
   * @param upstream the server's stream; begun by the first reader that reads
   * @param call the call it runs under
   * @param onSealed called once, when nobody may join any more
   */
  constructor(upstream: StartedStream, call: Call, onSealed: () => void, maxKept = maxKeptCharacters) {
    this.#upstream = upstream
    this.requestId = call.requestId
    this.startedAt = call.startedAt
    this.#onSealed = onSealed
    this.#maxKept = maxKept
  }

  get sent(): StartedStream['sent'] {
    return this.#upstream.sent
  }

  /** Characters that are kept now. */
  get keptCharacters(): number {
    return this.#kept
  }

  /**
   * A reader for one more caller; only until the stream is sealed.
   * @param call the caller's own call
   * @param onEnd called once, when the caller has all, has failed or has left
   */
  join(call: Call, onEnd: () => void): SharedStreamReader {
    this.#readers += 1
    this.#first.readers += 1
    return new SharedStreamReader(this, this.#first, call, onEnd)
  }

  /** A reader has come to the end of what is here. It is told of what follows, maybe before this returns. */
  waitFor(reader: SharedStreamReader): void {
    if (!this.#ended) {
      this.#waiting.push(reader)
      this.#readOn()
    } else if (this.#failure === undefined) reader.finish()
    else reader.fail(copyFailure(this.#failure))
  }

  /** A reader takes a read; returns the next one. */
  pass(read: KeptRead): KeptRead {
    const next = read.next as KeptRead
    read.readers -= 1
    next.readers += 1
    this.#dropPassed()
    this.#readOn()
    return next
  }

  /** A reader wants nothing more. */
  leave(reader: SharedStreamReader, failure: DuoModelError | undefined): void {
    this.#readers -= 1
    reader.position.readers -= 1
    this.#waiting = this.#waiting.filter((other) => other !== reader)
    if (this.#readers === 0) this.#stop(failure)
    this.#dropPassed()
    this.#readOn()
  }

  take(events: readonly StreamEvent[] | undefined): void {
    if (this.#ended) return
    this.#isReading = false
    if (events === undefined) this.#end()
    else this.#keep(events)
    this.#wake()
  }

  fail(failure: DuoModelError): void {
    if (this.#ended) return
    this.#failure = copyFailure(failure)
    this.#end()
    const [inFront, ...others] = this.#takeWaiting()
    inFront?.fail(failure)
    // The failure itself goes on to hooks and statistics: it tells the tokens also where nobody has come to it yet.
    failure.addContext({ partial: this.#usage.partial(this.#contentEvents) })
    for (const reader of others) reader.fail(copyFailure(this.#failure))
  }

  #keep(events: readonly StreamEvent[]): void {
    const { contentEvents } = this.#upstream
    const read = this.#last
    this.#last = read.fill(events, contentEvents - this.#contentEvents)
    this.#contentEvents = contentEvents
    this.#kept += read.characters
    for (const event of events) if (event.type === 'usage') this.#usage.add(event)
    if (events[events.length - 1]?.type === 'response-end') this.#end()
  }

  #takeWaiting(): readonly SharedStreamReader[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }

  #wake(): void {
    for (const reader of this.#takeWaiting()) reader.goOn()
  }

  /** Asks the server for more where somebody waits for it and there is room. */
  #readOn(): void {
    if (this.#waiting.length === 0 || this.#isReading || this.#ended) return
    if (this.#kept >= this.#maxKept) this.#seal()
    if (this.#kept >= this.#maxKept) return
    this.#isReading = true
    this.#upstream.next(this)
  }

  #dropPassed(): void {
    if (this.#isJoinable) return
    for (let read = this.#first; read.readers === 0 && read.next !== undefined; read = this.#first) {
      this.#kept -= read.characters
      this.#first = read.next
      // An old object that is garbage would keep all younger ones behind it alive until a full collection.
      read.next = undefined
    }
  }

  #stop(failure: DuoModelError | undefined): void {
    if (this.#ended) return
    this.#end()
    if (failure !== undefined) this.#upstream.stop(failure)
  }

  #end(): void {
    this.#ended = true
    this.#seal()
  }

  /** From now on nobody joins, and only what some reader still needs is kept. */
  #seal(): void {
    if (!this.#isJoinable) return
    this.#isJoinable = false
    this.#onSealed()
    this.#dropPassed()
  }
}
