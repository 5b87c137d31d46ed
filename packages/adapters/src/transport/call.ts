import type { Buffer } from 'node:buffer'
import type { AbortSource } from '../abort-source.js'
import { AbortedError } from '../errors/aborted-error.js'
import type { ErrorPhase } from '../errors/error-phase.js'
import type { PartialResponse } from '../errors/partial-response.js'
import { type ReportReceiver, tellServerReport } from '../server-reports/tell-server-report.js'
import { BodyCollector } from './body-collector.js'
import { checkHead } from './check-head.js'
import type { ExchangeStage, HttpExchange, HttpHeaders, HttpRequest, HttpResponseHandler } from './http-exchange.js'
import type { HttpPool } from './http-pool.js'
import { networkError } from './network-error.js'
import { type RequestContext, requestErrorFields } from './request-context.js'

/** What reads the body of an answer with a good status. */
export interface BodyReader {
  add(chunk: Buffer): void
  end(): void
  /** The connection broke. Returns `true` where the answer is complete all the same. */
  tryToComplete(): boolean
  /** What has arrived, for the error. */
  readonly partial: PartialResponse | undefined
  readonly hasContent: boolean
}

/** An answer that is a refusal. */
export interface ErrorResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** The body's first 64 KiB. */
  readonly body: string
  readonly context: RequestContext
}

/** What a call is made of. */
export interface CallOptions {
  readonly pool: HttpPool
  readonly request: HttpRequest
  readonly signal: AbortSource
  readonly context: RequestContext
  readonly connectTimeoutMs: number
  /** Makes the error for a status that is no success. */
  readonly classify: (response: ErrorResponse) => Error
  /** Told what the server says about itself. Default: nobody. */
  readonly reportTo?: ReportReceiver | undefined
}

/** What had arrived of an answer when its call failed. */
export type ReceivedAnswer = Pick<BodyReader, 'partial' | 'hasContent'>

/** Makes the error of a failed call as it is for one request and what had arrived of its answer. */
export type DescribeFailure = (context: RequestContext, received: ReceivedAnswer) => Error

/** Whoever is told what comes of a call. */
export interface CallOwner {
  /** Chooses the reader of a good answer's body. It may throw. */
  openBody(status: number, headers: HttpHeaders): BodyReader
  /** The last thing the call says, unless it ended well. */
  onFailure(error: Error): void
  /** Told instead of `onFailure`, where the call stands for several requests: each gets an error of its own. */
  onSharedFailure?(describe: DescribeFailure): void
}

const nothingReceived: ReceivedAnswer = { partial: undefined, hasContent: false }

const maxErrorBodyBytes = 64 * 1024
/** An error body that takes longer is judged by what has come. */
const errorBodyTimeoutMs = 5_000
/** How long a server may take to end a body whose answer is complete, before its connection is dropped. */
const lingerTimeoutMs = 250

/**
 * One request from sending to its last byte: watches the signal, judges the head, hands a good body to its reader and
 * turns everything that goes wrong into one typed error. It always settles: by the body's end, a failure, or the signal.
 */
export class Call implements HttpResponseHandler {
  readonly #options: CallOptions
  readonly #owner: CallOwner
  #exchange: HttpExchange | undefined
  #body: BodyReader | undefined
  #phase: ErrorPhase = 'request'
  #isSettled = false
  #isEnded = false
  #timer: NodeJS.Timeout | undefined
  #errorResponse: { readonly status: number; readonly headers: HttpHeaders; readonly body: BodyCollector } | undefined

  constructor(options: CallOptions, owner: CallOwner) {
    this.#options = options
    this.#owner = owner
  }

  /** Sends the request. */
  start(): void {
    const { signal, pool, request } = this.#options
    if (signal.aborted) {
      this.#onAbort()
      return
    }
    signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#exchange = pool.send(request, this)
  }

  pause(): void {
    this.#exchange?.pause()
  }

  resume(): void {
    this.#exchange?.resume()
  }

  /** The answer is complete, or nobody wants the rest: the call says nothing more. */
  finish(): void {
    this.#settle()
    if (this.#isEnded) return
    // Most servers end the body together with the answer; then the connection can be used again.
    this.#timer = setTimeout(() => this.#exchange?.abort(), lingerTimeoutMs)
    this.#timer.unref()
    this.#exchange?.resume()
  }

  /** Closes the connection at once and says nothing more. */
  cancel(): void {
    this.#settle()
    if (!this.#isEnded) this.#exchange?.abort()
  }

  onHead(status: number, headers: HttpHeaders): void {
    if (this.#isSettled) return
    const problem = checkHead(status, headers, this.#options.context)
    if (problem) {
      this.#fail((context) => checkHead(status, headers, context) ?? problem)
      return
    }
    this.#phase = 'first-token'
    tellServerReport(this.#options.reportTo, headers)
    if (status >= 200 && status < 300) {
      this.#openBody(status, headers)
      return
    }
    this.#errorResponse = { status, headers, body: new BodyCollector(maxErrorBodyBytes) }
    this.#timer = setTimeout(() => this.#classify(), errorBodyTimeoutMs)
  }

  onData(chunk: Buffer): void {
    if (this.#isSettled) return
    if (this.#errorResponse) {
      if (!this.#errorResponse.body.add(chunk)) this.#classify()
      return
    }
    try {
      this.#body?.add(chunk)
    } catch (error) {
      this.#failWith(error)
    }
  }

  onEnd(): void {
    this.#isEnded = true
    clearTimeout(this.#timer)
    if (this.#isSettled) return
    if (this.#errorResponse) {
      this.#classify()
      return
    }
    try {
      this.#body?.end()
    } catch (error) {
      this.#failWith(error)
    }
  }

  onFailure(error: Error, stage: ExchangeStage): void {
    this.#isEnded = true
    clearTimeout(this.#timer)
    if (this.#isSettled) return
    if (this.#errorResponse) {
      this.#classify()
      return
    }
    if (this.#body?.tryToComplete()) return
    const { connectTimeoutMs } = this.#options
    this.#fail((context, { partial, hasContent }) =>
      networkError({ error, stage, context, connectTimeoutMs, partial, hasContent }),
    )
  }

  #openBody(status: number, headers: HttpHeaders): void {
    try {
      this.#body = this.#owner.openBody(status, headers)
    } catch (error) {
      this.#failWith(error)
    }
  }

  /** Whatever a reader throws is the call's failure; nothing may escape into the socket's read. */
  #failWith(thrown: unknown): void {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    this.#fail(() => error)
  }

  #classify(): void {
    const response = this.#errorResponse
    if (!response || this.#isSettled) return
    const { status, headers } = response
    const body = response.body.toString()
    this.#fail((context) => this.#options.classify({ status, headers, body, context }))
  }

  readonly #onAbort = (): void => {
    if (this.#isSettled) return
    const { signal } = this.#options
    this.#fail((context, received) => abortedByCaller(context, received, this.#phase, signal.reason))
  }

  #fail(describe: DescribeFailure): void {
    if (this.#isSettled) return
    this.cancel()
    if (this.#owner.onSharedFailure) this.#owner.onSharedFailure(describe)
    else this.#owner.onFailure(describe(this.#options.context, this.#body ?? nothingReceived))
  }

  #settle(): void {
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }
}

/** The error of a request whose caller gave up; `phase` counts while no content has come. */
export function abortedByCaller(
  context: RequestContext,
  { partial, hasContent }: ReceivedAnswer,
  phase: ErrorPhase,
  reason: unknown,
): AbortedError {
  const fields = requestErrorFields(context, 'was aborted by the caller.', reason)
  return new AbortedError({ ...fields, phase: hasContent ? 'stream' : phase, partial })
}
