import { AbortedError, ConfigurationError, DuoModelError, ProtocolError } from '@duo-models/adapters'
import { addAbortListener, removeAbortListener } from '../abort-listeners.js'
import type { ModelRequest } from '../model-request.js'
import type { ModelResponse } from '../model-response.js'
import { BatchMeter } from './batch-meter.js'
import type { BatchInput } from './batch-options.js'
import type { BatchProgress, BatchSummary } from './batch-progress.js'
import type { BatchResult } from './batch-result.js'
import type { BatchSource } from './batch-source.js'
import { readBatchItem } from './read-batch-item.js'
import type { BatchSettings } from './read-batch-options.js'
import { ResultChannel } from './result-channel.js'

/** What a batch needs of its client. */
export interface BatchParts {
  readonly source: BatchSource
  readonly settings: BatchSettings
  /** Runs one request; whatever it throws becomes that request's result. */
  run(request: ModelRequest, signal: AbortSignal): Promise<ModelResponse>
  /** Called before the first request is taken; what it throws ends the batch. */
  onStart(run: BatchRun): void
  /** Called when nothing is under way any more and nothing will be. */
  onEnd(run: BatchRun): void
  /** How many requests under way the servers can use, where the batch was not told. */
  usefulConcurrency(): number
  readonly now: () => number
}

type SourceStep = IteratorResult<BatchInput, unknown>

/**
 * Many requests under way. Read it once, with `for await`: nothing is taken from the source before reading begins, and
 * never more than twice `concurrency` ahead of the reader. Every request that was taken has exactly one result, unless
 * the reader leaves: that aborts what is under way and closes the source.
 */
export class BatchRun implements AsyncIterable<BatchResult> {
  readonly #parts: BatchParts
  readonly #meter: BatchMeter
  readonly #channel: ResultChannel
  readonly #controller = new AbortController()
  #reader: string | undefined
  #taken = 0
  #isPulling = false
  /** No further request will be taken: the source ended or failed, or the batch was given up. */
  #closed = false
  #closing: Promise<void> | undefined
  #ended = false
  /** The reader left the loop. */
  #left = false
  #complete = false
  #failure: { readonly error: unknown } | undefined
  #nextProgressAt = 0
  #summary: Promise<BatchSummary> | undefined
  readonly #onEnd: (() => void)[] = []

  /** @internal Batches are made by `client.batch()`. */
  constructor(parts: BatchParts) {
    this.#parts = parts
    this.#meter = new BatchMeter(parts.settings.total, parts.now)
    this.#channel = new ResultChannel(parts.settings.ordered)
  }

  /** How far the batch is, now. */
  get progress(): BatchProgress {
    return this.#meter.progress()
  }

  /**
   * What the batch came to, once every request has ended. Where nobody reads the results it runs the batch by itself
   * and drops them.
   * @throws whatever the reader gets: the source's own error, or `aborted`; the counts are then in `progress`.
   */
  get summary(): Promise<BatchSummary> {
    this.#summary ??= this.#createSummary()
    return this.#summary
  }

  /** The results, one at a time. */
  [Symbol.asyncIterator](): AsyncIterator<BatchResult, undefined> {
    this.#claim('for await')
    return {
      next: () => this.#next(),
      return: async () => {
        await this.#leave()
        return { value: undefined, done: true }
      },
    }
  }

  /**
   * Takes no further request; those under way go on to their end, and then the reader gets the error.
   * @internal For a client that closes.
   */
  stop(error: unknown): void {
    this.#fail(error)
    this.#closeSource().catch(ignore)
    this.#settle()
  }

  #next(): Promise<IteratorResult<BatchResult, undefined>> {
    const step = this.#channel.next()
    this.#start()
    this.#fill()
    return step
  }

  #start(): void {
    if (this.#meter.hasStarted) return
    this.#meter.start()
    const { progressIntervalMs, signal } = this.#parts.settings
    this.#nextProgressAt = this.#parts.now() + progressIntervalMs
    try {
      this.#parts.onStart(this)
    } catch (error) {
      this.#fail(error)
    }
    if (signal?.aborted) this.#onAbort()
    else if (signal !== undefined) addAbortListener(signal, this.#onAbort)
  }

  /** Takes requests while there is room; from a source that answers at once without a promise in between. */
  #fill(): void {
    while (this.#hasRoom()) {
      this.#isPulling = true
      try {
        const step = this.#parts.source.next()
        if ('then' in step) {
          step.then(this.#takeLater, this.#failSource)
          return
        }
        this.#isPulling = false
        this.#take(step)
      } catch (error) {
        this.#failSource(error)
      }
    }
    this.#settle()
  }

  #hasRoom(): boolean {
    if (this.#closed || this.#isPulling) return false
    const concurrency = this.#parts.settings.concurrency ?? this.#parts.usefulConcurrency()
    const { running } = this.#meter
    return running < concurrency && running + this.#channel.size < 2 * concurrency
  }

  readonly #takeLater = (step: SourceStep): void => {
    this.#isPulling = false
    if (this.#closed) return
    try {
      this.#take(step)
    } catch (error) {
      this.#failSource(error)
    }
    this.#fill()
  }

  readonly #failSource = (error: unknown): void => {
    this.#isPulling = false
    this.#parts.source.markDone()
    this.#fail(error)
    this.#settle()
  }

  #take(step: SourceStep): void {
    if (step.done === true) {
      this.#parts.source.markDone()
      this.#closed = true
      return
    }
    const index = this.#taken
    this.#taken += 1
    this.#meter.take()
    this.#run(index, step.value as BatchInput).then(this.#receive)
  }

  async #run(index: number, item: BatchInput): Promise<BatchResult> {
    let id: string | undefined
    try {
      const read = readBatchItem(item)
      id = read.id
      if (DuoModelError.is(read.request)) throw read.request
      const response = await this.#parts.run(read.request, this.#controller.signal)
      return { ok: true, index, ...(id !== undefined && { id }), response }
    } catch (error) {
      return { ok: false, index, ...(id !== undefined && { id }), error: asRequestError(error) }
    }
  }

  readonly #receive = (result: BatchResult): void => {
    this.#meter.record(result)
    if (!this.#left && this.#reader !== summaryReader) this.#channel.add(result)
    if (this.#parts.now() >= this.#nextProgressAt) this.#reportProgress()
    this.#fill()
  }

  /** Ends the batch when nothing is under way and nothing more will be. */
  #settle(): void {
    if (this.#ended || !this.#closed || this.#meter.running > 0) return
    this.#ended = true
    this.#complete = !this.#left
    this.#meter.end()
    const { signal } = this.#parts.settings
    if (signal !== undefined) removeAbortListener(signal, this.#onAbort)
    this.#parts.onEnd(this)
    this.#reportProgress()
    this.#channel.end(this.#failure)
    for (const listener of this.#onEnd.splice(0)) listener()
  }

  #reportProgress(): void {
    const { onProgress, progressIntervalMs } = this.#parts.settings
    if (onProgress === undefined) return
    this.#nextProgressAt = this.#parts.now() + progressIntervalMs
    try {
      const returned: unknown = onProgress(this.#meter.progress())
      if (returned instanceof Promise) returned.catch(this.#giveUp)
    } catch (error) {
      this.#giveUp(error)
    }
  }

  readonly #onAbort = (): void => {
    const cause = this.#parts.settings.signal?.reason
    this.#giveUp(new AbortedError({ message: 'The batch was aborted by its signal.', cause }))
  }

  /** Ends the batch early: aborts what is under way, and closes the source without waiting for it. */
  readonly #giveUp = (error: unknown): void => {
    this.#fail(error)
    this.#controller.abort()
    this.#closeSource().catch(ignore)
    this.#settle()
  }

  /** The first failure counts; after the reader left, none does. */
  #fail(error: unknown): void {
    this.#closed = true
    if (!this.#left) this.#failure ??= { error }
  }

  /** The reader left the loop: waits until nothing is under way, and for the source to close. */
  async #leave(): Promise<void> {
    this.#left = true
    this.#channel.clear()
    this.#giveUp(undefined)
    if (!this.#ended) await new Promise<void>((resolve) => this.#onEnd.push(resolve))
    // A source that has not answered yet cannot be waited for: it may never answer.
    if (!this.#isPulling) await this.#closing
  }

  #closeSource(): Promise<void> {
    this.#closing ??= this.#parts.source.close()
    return this.#closing
  }

  #claim(reader: string): void {
    if (this.#reader !== undefined)
      throw new ConfigurationError({
        message: `This batch is already read by ${this.#reader}; its results can be read once. Call \`client.batch()\` again.`,
      })
    this.#reader = reader
  }

  #createSummary(): Promise<BatchSummary> {
    const summary = new Promise<BatchSummary>((resolve, reject) => {
      const finish = (): void => {
        if (this.#failure !== undefined) reject(this.#failure.error)
        else resolve({ ...this.#meter.progress(), complete: this.#complete })
      }
      if (this.#ended) finish()
      else this.#onEnd.push(finish)
    })
    // The reader gets the error; a `summary` nobody waits for must not end the process.
    summary.catch(ignore)
    // Whoever asks for the summary first may go on to read the results in the same turn.
    queueMicrotask(() => this.#readForSummary())
    return summary
  }

  #readForSummary(): void {
    if (this.#reader !== undefined) return
    this.#claim(summaryReader)
    this.#next().catch(ignore)
  }
}

const summaryReader = '`summary`'

function ignore(): void {}

/** A request can be such that it cannot even be looked at. */
function asRequestError(error: unknown): DuoModelError {
  if (DuoModelError.is(error)) return error
  const shown = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
  return new ProtocolError({
    message: `The request could not be run (${shown}). Pass requests as plain data.`,
    cause: error,
    phase: 'configuration',
    retryable: false,
  })
}
