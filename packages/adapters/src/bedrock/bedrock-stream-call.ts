import { DuoModelError } from '../errors/duo-model-error.js'
import { EventBatches, type EventSource } from '../openai-format/event-batches.js'
import type { AdapterEvent } from '../stream-event.js'
import type { BodyReader, Call, CallOwner } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import type { AnswerCollector } from './answer-collector.js'
import { type BedrockCallOptions, createAnswer, explainUnknownHost, openCall } from './bedrock-call.js'
import { awsRequestId, type BedrockErrorContext, bedrockFailures } from './bedrock-errors.js'
import { BedrockStreamReader } from './bedrock-stream-reader.js'
import { BedrockWholeBody } from './bedrock-whole-body.js'

/** Data that may wait for a slow consumer before the socket is no longer read. */
const highWaterMarkBytes = 64 * 1024
/** How long the counts may take after the stop reason; without them the answer is complete all the same. */
const metadataTimeoutMs = 5_000

/**
 * Sends a streamed request when the first batch is asked for, and yields what comes.
 * @param prepare makes the request; what it throws is thrown by the stream, and nothing is sent
 */
export function bedrockStreamCall(
  prepare: () => Promise<BedrockCallOptions>,
): AsyncIterable<readonly AdapterEvent[], undefined> {
  return new BedrockStreamCall(prepare).batches
}

class BedrockStreamCall implements EventSource {
  readonly batches = new EventBatches(this)
  readonly #prepare: () => Promise<BedrockCallOptions>
  #answer: AnswerCollector | undefined
  #call: Call | undefined
  #isCancelled = false
  #waitingBytes = 0
  #isPaused = false
  #metadataTimer: NodeJS.Timeout | undefined

  constructor(prepare: () => Promise<BedrockCallOptions>) {
    this.#prepare = prepare
  }

  start(): void {
    this.#send().catch((error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))))
  }

  take(): readonly AdapterEvent[] {
    this.#waitingBytes = 0
    return this.#answer?.takeEvents() ?? []
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#call?.resume()
  }

  cancel(): void {
    this.#isCancelled = true
    clearTimeout(this.#metadataTimer)
    this.#call?.cancel()
  }

  async #send(): Promise<void> {
    const options = await this.#prepare()
    const answer = createAnswer(options)
    this.#answer = answer
    const call = await openCall(
      options,
      (errorContext): CallOwner => ({
        openBody: (status, headers) => this.#openBody(status, headers, answer, errorContext),
        onFailure: (error) => this.#fail(explainUnknownHost(error, options.endpoint)),
      }),
    )
    // Given up while credentials were looked for: nothing has been sent.
    if (this.#isCancelled) return
    this.#call = call
    call.start()
  }

  #openBody(
    status: number,
    headers: HttpHeaders,
    answer: AnswerCollector,
    errorContext: BedrockErrorContext,
  ): BodyReader {
    const contentType = headerValue(headers, 'content-type') ?? ''
    const id = awsRequestId(headers, errorContext.context.redact)
    const failures = bedrockFailures(errorContext, id)
    const onProgress = (bytes: number) => this.#onProgress(answer, bytes)
    // A gateway may leave the type out; everything else that is no event stream is one whole body.
    if (contentType === '' ? status !== 204 : /eventstream/i.test(contentType))
      return new BedrockStreamReader({ answer, failures, id, onProgress })
    const { context } = errorContext
    return new BedrockWholeBody({ answer, failures, context, status, headers, onComplete: () => onProgress(0) })
  }

  #onProgress(answer: AnswerCollector, bytes: number): void {
    this.#waitingBytes += bytes
    if (answer.hasEvents) this.batches.notify()
    if (answer.isComplete) {
      clearTimeout(this.#metadataTimer)
      this.batches.end()
      this.#call?.finish()
      return
    }
    if (answer.isStopped) this.#awaitMetadata(answer)
    else if (!this.batches.isAwaited && this.#waitingBytes > highWaterMarkBytes) this.#pause()
  }

  #pause(): void {
    this.#isPaused = true
    this.#call?.pause()
  }

  #awaitMetadata(answer: AnswerCollector): void {
    this.#metadataTimer ??= setTimeout(() => {
      answer.complete()
      this.#onProgress(answer, 0)
    }, metadataTimeoutMs)
  }

  #fail(error: Error): void {
    clearTimeout(this.#metadataTimer)
    if (this.#isCancelled) return
    const isAbort = DuoModelError.is(error, 'aborted')
    if (!isAbort && this.#answer?.hasEvents) this.batches.notify()
    this.batches.fail(error, isAbort)
  }
}
