import type { Buffer } from 'node:buffer'
import type { AbortSource } from '../abort-source.js'
import type { ErrorPhase } from '../errors/error-phase.js'
import type { AdapterEvent } from '../stream-event.js'
import { BodyCollector } from '../transport/body-collector.js'
import { type BodyReader, Call, type CallOptions, type CallOwner, type DescribeFailure } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import { type ChoiceOwner, ChoiceStream, type SharedCaller } from './choice-stream.js'
import type { ChunkForms } from './chunk-forms.js'
import { EventStreamBody } from './event-stream-body.js'
import { SharedEventReader } from './shared-event-reader.js'
import type { StreamFailures } from './stream-reader.js'
import { maxResponseBytes, readWholeAnswer, tooLongAnswer } from './whole-body.js'

/** What a call is made of that several requests share: the choice of each has its place in the list as its index. */
export interface SharedStreamCallOptions extends CallOptions {
  /** Whose requests they are: their signals and contexts count, and not those of the call. */
  readonly callers: readonly [SharedCaller, ...SharedCaller[]]
  /** What the streams of one server learn about its chunks. */
  readonly forms?: ChunkForms | undefined
}

/** The callers have signals of their own. */
const neverAborted: AbortSource = {
  aborted: false,
  reason: undefined,
  addEventListener: () => {},
  removeEventListener: () => {},
}

/**
 * Sends one streamed request for several callers when the first of them asks for a batch, and gives each its stream.
 * The connection is closed with the last stream that is given up.
 */
export function sharedStreamCall(options: SharedStreamCallOptions): readonly AsyncIterable<readonly AdapterEvent[]>[] {
  return new SharedStreamCall(options).choices.map(({ batches }) => batches)
}

class SharedStreamCall implements CallOwner, ChoiceOwner {
  readonly choices: readonly ChoiceStream[]
  readonly #call: Call
  #phase: ErrorPhase = 'request'
  #open: number
  #hasStarted = false
  #isPaused = false

  constructor({ callers, forms, ...options }: SharedStreamCallOptions) {
    this.choices = callers.map((caller, index) => new ChoiceStream(this, caller, forms, index))
    this.#open = callers.length
    this.#call = new Call({ ...options, context: callers[0].context, signal: neverAborted }, this)
  }

  get phase(): ErrorPhase {
    return this.#phase
  }

  start(): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    for (const choice of this.choices) choice.listen()
    if (this.#open > 0) this.#call.start()
  }

  onClosed(): void {
    this.#open--
    if (this.#open > 0) return
    // What is left of the body is a line that ends it, or text that nobody reads.
    if (this.choices.every(({ isComplete }) => isComplete)) this.#call.finish()
    else this.#call.cancel()
  }

  onRelief(): void {
    // Not at once: whoever takes its events is in the middle of it.
    if (this.#isPaused) queueMicrotask(this.#resume)
  }

  openBody(status: number, headers: HttpHeaders): BodyReader {
    this.#phase = 'first-token'
    const contentType = headerValue(headers, 'content-type') ?? ''
    // A gateway may leave the type out; everything else that is no event stream is one whole body.
    if (contentType !== '' ? /^text\/event-stream\b/i.test(contentType.trim()) : status !== 204) {
      const reader = new SharedEventReader(this.choices)
      return new EventStreamBody(reader, this.#failuresOfAll, () => this.#tell(reader.takeTouched()))
    }
    return new SharedWholeBody(this.choices, status, contentType)
  }

  onFailure(): void {}

  onSharedFailure(describe: DescribeFailure): void {
    for (const choice of this.choices) choice.failAs(describe)
  }

  readonly #failuresOfAll: Pick<StreamFailures, 'protocol'> = {
    protocol: (whatHappened, fields) => {
      for (const choice of this.choices) choice.fail(choice.caller.failures.protocol(whatHappened, fields))
      return new Error(whatHappened)
    },
  }

  #tell(touched: readonly ChoiceStream[]): void {
    for (const choice of touched) choice.tell()
    if (this.#open === 0 || !this.choices.some(({ isFull }) => isFull)) return
    this.#isPaused = true
    this.#call.pause()
  }

  readonly #resume = (): void => {
    if (!this.#isPaused || this.choices.some(({ isFull }) => isFull)) return
    this.#isPaused = false
    this.#call.resume()
  }
}

/** Reads a body that is one JSON answer with every choice: for a proxy that answers a streamed request in one piece. */
class SharedWholeBody implements BodyReader {
  readonly partial = undefined
  readonly hasContent = false
  readonly #choices: readonly ChoiceStream[]
  readonly #status: number
  readonly #contentType: string
  readonly #collector = new BodyCollector(maxResponseBytes)

  constructor(choices: readonly ChoiceStream[], status: number, contentType: string) {
    this.#choices = choices
    this.#status = status
    this.#contentType = contentType
  }

  add(chunk: Buffer): void {
    if (this.#collector.add(chunk)) return
    for (const choice of this.#choices) choice.fail(tooLongAnswer(this.#optionsOf(choice)))
  }

  end(): void {
    const text = this.#collector.toString()
    for (const choice of this.#choices)
      choice.readWhole((index) => readWholeAnswer(text, this.#optionsOf(choice), index))
    for (const choice of this.#choices) choice.tell()
  }

  tryToComplete(): boolean {
    return false
  }

  #optionsOf({ caller: { context, failures } }: ChoiceStream) {
    return { context, failures, status: this.#status, contentType: this.#contentType }
  }
}
