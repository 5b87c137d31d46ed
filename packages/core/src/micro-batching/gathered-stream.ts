import {
  type AdapterCall,
  type AdapterEvent,
  type BatchIterator,
  type BatchReceiver,
  type CompletionRequest,
  DuoModelError,
  type DuoModelErrorCode,
} from '@duo-models/adapters'
import { setSharedCause } from '../scheduling/shared-cause.js'

type EventBatch = readonly AdapterEvent[]
type Batches = AsyncIterable<EventBatch>
type BatchResult = IteratorResult<EventBatch, undefined>

/** What decides how a prompt is sent, and is told what comes of it. */
export interface PromptSender {
  /** Sends the prompt or lets it wait; `open` or `goAlone` of the stream is called, now or later. */
  send(stream: GatheredStream): void
  /** The prompt has ended or was given up, maybe while it waited; said once of each that was given to `send`. */
  onEnd(stream: GatheredStream): void
  /** The request it shared was answered, or failed it. */
  onShared(succeeded: boolean): void
}

/** Failures that one prompt may have brought over all that shared its request. */
const requestFaults: ReadonlySet<DuoModelErrorCode> = new Set([
  'content-filter',
  'context-length',
  'invalid-request',
  'protocol',
  'unsupported-parameter',
])

/**
 * The stream of a raw prompt that may be sent with others. It begins when the first batch is asked for. A failure that
 * may be a neighbour's is not passed on before the prompt was sent alone.
 */
export class GatheredStream implements BatchIterator, AsyncIterable<EventBatch>, BatchReceiver {
  readonly request: CompletionRequest
  readonly call: AdapterCall
  readonly #openAlone: () => Batches
  readonly #sender: PromptSender
  #state: 'new' | 'waiting' | 'alone' | 'shared' | 'over' = 'new'
  /** What it was sent with, the same for all of them. */
  #company: object | undefined
  #source: BatchIterator | undefined
  #receiver: BatchReceiver | undefined
  #hasEvents = false

  /** @param openAlone sends the prompt by itself, when the first batch of what it returns is asked for */
  constructor(request: CompletionRequest, call: AdapterCall, openAlone: () => Batches, sender: PromptSender) {
    this.request = request
    this.call = call
    this.#openAlone = openAlone
    this.#sender = sender
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  handOver(receiver: BatchReceiver): void {
    this.#receiver = receiver
    if (this.#source !== undefined) this.#ask(this.#source)
    else if (this.#state === 'new') this.#begin()
    else if (this.#state === 'over') this.end()
  }

  next(): Promise<BatchResult> {
    return new Promise((resolve, reject) => this.handOver(new NextBatch(resolve, reject)))
  }

  async return(): Promise<BatchResult> {
    this.#close()
    await this.#source?.return?.()
    return { done: true, value: undefined }
  }

  /** Sends it by itself. */
  goAlone(): void {
    this.#state = 'alone'
    this.#read(this.#openAlone)
  }

  /**
   * Reads its part of the answer to a request that it shares.
   * @param company the same object for all that share it: should it fail, the replica has failed once
   */
  goShared(open: () => Batches, company: object): void {
    this.#state = 'shared'
    this.#company = company
    this.#read(open)
  }

  take(batch: EventBatch): void {
    this.#hasEvents = true
    if (batch[batch.length - 1]?.type === 'response-end') this.#close(true)
    this.#takeReceiver()?.take(batch)
  }

  end(): void {
    this.#close()
    this.#takeReceiver()?.end()
  }

  fail(error: unknown): void {
    if (this.#state === 'shared' && this.#failShared(error)) return
    this.#close()
    this.#takeReceiver()?.fail(error)
  }

  /** @returns whether it is sent again, alone, and nobody is told */
  #failShared(error: unknown): boolean {
    if (DuoModelError.is(error, 'aborted')) return false
    this.#sender.onShared(false)
    if (!DuoModelError.is(error)) return false
    if (this.#company !== undefined) setSharedCause(error, this.#company)
    if (this.#hasEvents || !requestFaults.has(error.code)) return false
    this.goAlone()
    return true
  }

  #begin(): void {
    const source = this.call.abortSource ?? this.call.signal
    source.addEventListener('abort', this.#onAbort, { once: true })
    this.#state = 'waiting'
    this.#sender.send(this)
  }

  #read(open: () => Batches): void {
    try {
      this.#source = open()[Symbol.asyncIterator]()
      this.#ask(this.#source)
    } catch (error) {
      this.fail(error)
    }
  }

  #ask(source: BatchIterator): void {
    if (source.handOver !== undefined) source.handOver(this)
    else source.next().then(this.#takeItem, this.#takeFailure)
  }

  readonly #takeItem = (item: IteratorResult<EventBatch>): void => {
    if (item.done === true) this.end()
    else this.take(item.value)
  }

  readonly #takeFailure = (error: unknown): void => this.fail(error)

  readonly #onAbort = (): void => {
    const isUnsent = this.#state === 'waiting'
    this.#close()
    // The connection sends nothing for a call that was aborted; it finds the words for it.
    if (isUnsent) this.#read(this.#openAlone)
  }

  #close(hasSucceeded = false): void {
    if (this.#state === 'over') return
    const state = this.#state
    this.#state = 'over'
    if (state === 'new') return
    const source = this.call.abortSource ?? this.call.signal
    source.removeEventListener('abort', this.#onAbort)
    if (state === 'shared' && hasSucceeded) this.#sender.onShared(true)
    this.#sender.onEnd(this)
  }

  #takeReceiver(): BatchReceiver | undefined {
    const receiver = this.#receiver
    this.#receiver = undefined
    return receiver
  }
}

/** Whoever waits for one batch by a promise. */
class NextBatch implements BatchReceiver {
  readonly #resolve: (result: BatchResult) => void
  readonly fail: (error: unknown) => void

  constructor(resolve: (result: BatchResult) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve
    this.fail = reject
  }

  take(batch: EventBatch): void {
    this.#resolve({ done: false, value: batch })
  }

  end(): void {
    this.#resolve({ done: true, value: undefined })
  }
}
