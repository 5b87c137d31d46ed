import type { DuoModelError, StreamEvent } from '@duo-models/adapters'
import type { Call } from '../call.js'
import type { StreamReceiver } from '../model-stream.js'
import type { StartedStream } from '../pending-stream.js'
import { StreamTiming } from '../stream-timing.js'
import type { KeptRead } from './kept-read.js'
import type { SharedStream } from './shared-stream.js'

/**
 * One caller's share of a shared stream: all events from the first one on, at this caller's own pace, under its own
 * signal and total limit of time, timed from its own call.
 */
export class SharedStreamReader implements StartedStream {
  readonly #shared: SharedStream
  readonly #call: Call
  readonly #onEnd: () => void
  readonly #timing = new StreamTiming()
  #position: KeptRead
  #receiver: StreamReceiver | undefined
  #ended = false

  /**
   * Made by {@link SharedStream.join}.
   * @param first the read to begin with
   * @param onEnd called once, when this caller has all, has failed or has left
   */
  constructor(shared: SharedStream, first: KeptRead, call: Call, onEnd: () => void) {
    this.#shared = shared
    this.#position = first
    this.#call = call
    this.#onEnd = onEnd
    call.onFailure(this.#onCallFailure)
  }

  get sent(): StartedStream['sent'] {
    return this.#shared.sent
  }

  get contentEvents(): number {
    return this.#timing.contentEvents
  }

  /** The read to take next. */
  get position(): KeptRead {
    return this.#position
  }

  next(receiver: StreamReceiver): void {
    this.#receiver = receiver
    if (this.#ended) receiver.take(undefined)
    else this.goOn()
  }

  /** Leaves the others alone. */
  stop(failure: DuoModelError): void {
    this.#end(this.#describe(failure))
  }

  /** Takes the next read where it is here; waits for it where it is not. */
  goOn(): void {
    if (this.#ended) return
    const { events, contentEvents } = this.#position
    if (events === undefined) {
      this.#shared.waitFor(this)
      return
    }
    this.#position = this.#shared.pass(this.#position)
    const elapsedMs = this.#call.elapsedMs()
    this.#timing.record(contentEvents, elapsedMs)
    this.#receiver?.take(this.#finish(events, elapsedMs))
  }

  /** Nothing follows. */
  finish(): void {
    this.#end(undefined)
    this.#receiver?.take(undefined)
  }

  /** The server's answer failed. */
  fail(failure: DuoModelError): void {
    if (this.#ended) return
    // The receiver adds what has arrived, and whoever is told by the end looks at that.
    this.#receiver?.fail(failure)
    this.#end(failure)
  }

  /** The signal fired, the call's time is over, or the client was closed. */
  readonly #onCallFailure = (failure: DuoModelError): void => this.fail(this.#describe(failure))

  #describe(failure: DuoModelError): DuoModelError {
    const deployment = this.sent?.deployment
    return failure.addContext({
      requestId: this.#call.requestId,
      deployment: deployment?.name,
      platform: deployment?.platform,
    })
  }

  /** Puts this caller's own times into the last event of all. */
  #finish(events: readonly StreamEvent[], elapsedMs: number): readonly StreamEvent[] {
    const last = events[events.length - 1]
    if (last?.type !== 'response-end') return events
    const sharedBeforeMs = this.#call.startedAt - this.#shared.startedAt
    const queuedMs = Math.max(0, last.timing.schedulerQueueTimeMs - sharedBeforeMs)
    this.#end(undefined)
    return [...events.slice(0, -1), { ...last, timing: this.#timing.finish(elapsedMs, queuedMs) }]
  }

  #end(failure: DuoModelError | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.#call.end()
    this.#shared.leave(this, failure)
    this.#onEnd()
  }
}
