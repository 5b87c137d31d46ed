import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import type { AdapterResponse } from '../adapter-response.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { CheckedBatches } from '../structured-output/checked-batches.js'
import type { OutputCheck } from '../structured-output/output-check.js'
import { outputFailure } from '../structured-output/output-failure.js'
import { checkResponse, createRequestCheck, isChecked } from '../structured-output/request-check.js'
import type { ErrorResponse } from '../transport/call.js'
import type { HttpPool } from '../transport/http-pool.js'
import type { RequestContext } from '../transport/request-context.js'
import type { Authorization, Authorizer } from './authorizer.js'
import { ChunkForms } from './chunk-forms.js'
import type { ReadContentFilters } from './content-filter-reader.js'
import { DeferredBatches } from './deferred-batches.js'
import { generateCall } from './generate-call.js'
import { StoppedBatches, stopResponse } from './stopped-batches.js'
import { type StreamCallOptions, streamCall } from './stream-call.js'
import type { StreamFailures } from './stream-reader.js'

/** What makes one platform of the OpenAI format differ from another. */
export interface OpenAIFormatPlatform {
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  readonly authorizer: Authorizer
  /** Finds the platform's reports of its content filter in a chunk or an answer. */
  readonly readContentFilters?: ReadContentFilters | undefined
  /** Path and query of a request. */
  path(request: AdapterRequest): string
  /** The headers beside those of the authorization. */
  headers(requestId: string, accept: string): Readonly<Record<string, string>>
  body(request: AdapterRequest, stream: boolean): string
  /** What errors about a request say. */
  context(request: AdapterRequest, requestId: string): RequestContext
  /** What must not be sent, because the platform would refuse it or not do what was meant. */
  findProblem(request: AdapterRequest, context: RequestContext): DuoModelError | undefined
  /** The stop sequences this side has to look for; `undefined` where the server does. */
  ownStopSequences(request: AdapterRequest): readonly string[] | undefined
  classify(response: ErrorResponse, authorization: Authorization): DuoModelError
  failures(context: RequestContext, authorization: Authorization): StreamFailures
}

/** What a request needs beside its bytes. */
interface Preparation {
  readonly authorization: Authorization
  readonly check?: OutputCheck | undefined
}

/** One endpoint of a platform of the OpenAI format, ready for requests. */
export class OpenAIFormatConnection implements AdapterConnection {
  readonly #platform: OpenAIFormatPlatform
  readonly #forms = new ChunkForms()

  constructor(platform: OpenAIFormatPlatform) {
    this.#platform = platform
  }

  async generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse> {
    const context = this.#platform.context(request, call.requestId)
    const { authorization, check } = this.#ready(request, context) ?? (await this.#prepare(request, call, context))
    const options = this.#callOptions(request, call, false, context, authorization)
    const whole = await generateCall(options)
    const stops = this.#platform.ownStopSequences(request)
    const response = stops ? stopResponse(whole, stops) : whole
    checkResponse(response, check, options.context)
    return response
  }

  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]> {
    const context = this.#platform.context(request, call.requestId)
    const open = ({ authorization, check }: Preparation): AsyncIterable<readonly AdapterEvent[]> =>
      this.#open(request, this.#callOptions(request, call, true, context, authorization), check)
    const ready = this.#ready(request, context)
    return ready ? open(ready) : new DeferredBatches(async () => open(await this.#prepare(request, call, context)))
  }

  close(): Promise<void> {
    return this.#platform.pool.close()
  }

  /** What a request needs, where nothing has to be waited for: so it is for most of them. */
  #ready(request: AdapterRequest, context: RequestContext): Preparation | undefined {
    if (isChecked(request) || this.#platform.findProblem(request, context)) return undefined
    const authorization = this.#platform.authorizer.current()
    return authorization && { authorization }
  }

  async #prepare(request: AdapterRequest, { signal }: AdapterCall, context: RequestContext): Promise<Preparation> {
    const problem = this.#platform.findProblem(request, context)
    if (problem) throw problem
    const check = await createRequestCheck(request, context)
    const { authorizer } = this.#platform
    return { authorization: authorizer.current() ?? (await authorizer.authorize(signal, context)), check }
  }

  #open(
    request: AdapterRequest,
    options: StreamCallOptions,
    check: OutputCheck | undefined,
  ): AsyncIterable<readonly AdapterEvent[]> {
    const stops = this.#platform.ownStopSequences(request)
    const batches = stops ? new StoppedBatches(streamCall(options), stops) : streamCall(options)
    return check ? new CheckedBatches(batches, check, outputFailure(options.context)) : batches
  }

  #callOptions(
    request: AdapterRequest,
    call: AdapterCall,
    stream: boolean,
    baseContext: RequestContext,
    authorization: Authorization,
  ): StreamCallOptions {
    const { pool, connectTimeoutMs, readContentFilters } = this.#platform
    const context = { ...baseContext, redact: authorization.redact }
    const headers = this.#platform.headers(call.requestId, stream ? 'text/event-stream' : 'application/json')
    return {
      pool,
      request: {
        method: 'POST',
        path: this.#platform.path(request),
        headers: { ...headers, ...authorization.headers },
        body: this.#platform.body(request, stream),
      },
      signal: call.abortSource ?? call.signal,
      context,
      connectTimeoutMs,
      classify: (response) => this.#platform.classify(response, authorization),
      failures: this.#platform.failures(context, authorization),
      readContentFilters,
      forms: this.#forms,
      reportTo: call,
    }
  }
}
