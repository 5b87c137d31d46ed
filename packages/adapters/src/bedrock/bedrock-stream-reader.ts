import { Buffer } from 'node:buffer'
import type { PartialResponse } from '../errors/partial-response.js'
import { isJsonObject, type JsonObject, parseJson } from '../openai-format/json.js'
import type { BodyReader } from '../transport/call.js'
import { EventStreamDecoder, EventStreamError, type EventStreamMessage } from '../wire/event-stream.js'
import type { AnswerCollector, AnswerProblem } from './answer-collector.js'
import { type BedrockFailures, readException, type StreamFailureFields } from './bedrock-failures.js'
import { readConverseEvent } from './converse-answer.js'
import { readNativeChunk } from './native-answer.js'
import { TextDeltaFrame } from './text-delta-frame.js'

const damagedAdvice =
  'The answer was damaged on its way: look at proxies between here and the endpoint, then send the request again'

/** What a stream is read with. */
export interface BedrockStreamReaderOptions {
  readonly answer: AnswerCollector
  readonly failures: BedrockFailures
  /** The id the server gave the answer. */
  readonly id: string | undefined
  /** Called after every read, with its length; with 0 at the end. */
  readonly onProgress: (bytes: number) => void
}

/**
 * Reads the body of a ConverseStream, or of an InvokeModel stream, and knows whether the answer is complete: a stop
 * reason has come, and the counts that follow it.
 */
export class BedrockStreamReader implements BodyReader {
  readonly #answer: AnswerCollector
  readonly #failures: BedrockFailures
  readonly #id: string | undefined
  readonly #onProgress: (bytes: number) => void
  readonly #decoder = new EventStreamDecoder((message) => this.#read(message))
  readonly #textDelta = new TextDeltaFrame()
  #hasMetadata = false

  constructor({ answer, failures, id, onProgress }: BedrockStreamReaderOptions) {
    this.#answer = answer
    this.#failures = failures
    this.#id = id
    this.#onProgress = onProgress
  }

  get partial(): PartialResponse | undefined {
    return this.#answer.partial
  }

  get hasContent(): boolean {
    return this.#answer.hasContent
  }

  add(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk)
    } catch (error) {
      if (!(error instanceof EventStreamError)) throw error
      throw this.#failures.protocol(`sent ${error.message}. ${damagedAdvice}`, this.#fields())
    }
    this.#onProgress(chunk.length)
  }

  end(): void {
    if (!this.tryToComplete()) {
      const where = this.#decoder.hasRest ? 'in the middle of a message' : 'without a stop reason'
      throw this.#failures.interrupted(`ended its stream ${where}`, this.#fields())
    }
  }

  tryToComplete(): boolean {
    if (!this.#answer.isStopped) return false
    this.#answer.complete()
    this.#onProgress(0)
    return true
  }

  #read(message: EventStreamMessage): boolean {
    if (this.#textDelta.match(message)) {
      this.#answer.start(this.#id)
      this.#answer.addText(this.#textDelta.text)
      return true
    }
    const { headers } = message
    const kind = headers.get(':message-type')
    if (kind === 'event') this.#readEvent(headers.get(':event-type') ?? '', message)
    else if (kind === 'exception') throw this.#exception(headers.get(':exception-type') ?? '', message.payload)
    else if (kind === 'error') throw this.#error(headers)
    return !this.#answer.isComplete
  }

  #readEvent(type: string, message: EventStreamMessage): void {
    const event = parseJson(message.payload)
    if (!isJsonObject(event)) throw this.#protocol(`an event '${type.slice(0, 40)}' that is not a JSON object`)
    // Claude's own stream names the answer better than Bedrock does.
    if (type !== 'chunk') this.#answer.start(this.#id)
    const problem = type === 'chunk' ? this.#readChunk(event) : readConverseEvent(type, event, this.#answer)
    if (problem !== undefined) throw this.#protocol(problem)
    if (type === 'metadata') this.#hasMetadata = true
    if (this.#hasMetadata && this.#answer.isStopped) this.#answer.complete()
  }

  #readChunk({ bytes }: JsonObject): AnswerProblem {
    const chunk = typeof bytes === 'string' ? parseJson(Buffer.from(bytes, 'base64').toString()) : undefined
    if (!isJsonObject(chunk)) return 'a chunk that is not a JSON object'
    if (chunk['type'] !== 'message_start') this.#answer.start(this.#id)
    return readNativeChunk(chunk, this.#answer)
  }

  #exception(name: string, payload: string): Error {
    return this.#failures.reported(readException(name, payload), this.#fields())
  }

  #error(headers: ReadonlyMap<string, string>): Error {
    const [name = '', message = ''] = [headers.get(':error-code'), headers.get(':error-message')]
    return this.#failures.reported({ name, message }, this.#fields())
  }

  #protocol(what: string): Error {
    return this.#failures.protocol(`sent ${what}`, this.#fields())
  }

  #fields(): StreamFailureFields {
    const partial = this.partial
    if (!this.hasContent) return { phase: 'first-token', partial }
    // Another attempt would say again what the caller may have read.
    return { phase: 'stream', partial, retryable: false }
  }
}
