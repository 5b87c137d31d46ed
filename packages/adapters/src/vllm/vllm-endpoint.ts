import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { TimeoutError } from '../errors/timeout-error.js'
import { HttpPool, type HttpPoolOptions } from '../transport/http-pool.js'
import { LimitedSignal } from '../transport/limited-signal.js'
import type { RequestContext } from '../transport/request-context.js'
import { requestText } from '../transport/request-text.js'
import { classifyVllmResponse } from './vllm-errors.js'
import { readVllmOptions, type VllmOptions } from './vllm-options.js'

/** A small question to the server beside the requests for answers. */
export interface VllmQuestion {
  readonly method: 'GET' | 'POST'
  /** `root` for paths beside `/v1`, such as `/version`; `api` for those below it, such as `/models`. */
  readonly base: 'root' | 'api'
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** Nobody waits for the answer: it does not keep the process alive. @default false */
  readonly isBackground?: boolean | undefined
}

/** One for health, one for metrics. */
const backgroundConnections = 2

/** Longest answer to a question: metrics of a busy server take a few hundred KiB. */
const maxAnswerBytes = 8 * 1024 * 1024

/** One server: its addresses, its headers, and the connections to it. */
export class VllmEndpoint {
  readonly options: VllmOptions
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  readonly #authorization: string | undefined
  /** Its own, so that neither waits for the other, and opened with the first question of that kind. */
  #backgroundPool: Promise<HttpPool> | undefined

  constructor(options: VllmOptions, pool: HttpPool, connectTimeoutMs: number) {
    this.options = options
    this.pool = pool
    this.connectTimeoutMs = connectTimeoutMs
    this.#authorization = options.apiKey === undefined ? undefined : `Bearer ${options.apiKey}`
  }

  /**
   * Checks a target and prepares connections to it; undici is loaded, and nothing is sent.
   * @throws ConfigurationError for a target that cannot be used.
   */
  static async open(target: AdapterTarget, context: AdapterContext): Promise<VllmEndpoint> {
    const options = readVllmOptions(target, context)
    const { connectTimeoutMs, maxConnections } = context
    const pool = await HttpPool.open({ ...connectionSettings(options), connectTimeoutMs, maxConnections })
    return new VllmEndpoint(options, pool, connectTimeoutMs)
  }

  /** Closes idle sockets at once and the others when their request ends. */
  async close(): Promise<void> {
    await Promise.all([this.pool.close(), this.#backgroundPool?.then((pool) => pool.close())])
  }

  /** The path of a route below `/v1`, or beside it. */
  path(base: VllmQuestion['base'], path: string): string {
    const { basePath } = this.options
    return `${base === 'api' ? basePath : basePath.replace(/\/v1$/, '')}${path}`
  }

  /** What errors about a request to this server say. */
  context(method: string, path: string, requestId: string): RequestContext {
    const { deployment, origin, redact } = this.options
    return { deployment, platform: 'vllm', method, url: `${origin}${path}`, requestId, redact }
  }

  /** The headers every request has. */
  headers(requestId: string, accept: string): Record<string, string> {
    const headers = {
      'content-type': 'application/json',
      accept,
      'accept-encoding': 'identity',
      'x-request-id': requestId,
    }
    return this.#authorization === undefined ? headers : { ...headers, authorization: this.#authorization }
  }

  /**
   * Asks the server something small and gives back the body.
   * @throws DuoModelError of the class that fits; `timeout` after `question.timeoutMs`.
   */
  async ask(question: VllmQuestion): Promise<string> {
    const { method, timeoutMs, signal } = question
    const path = this.path(question.base, question.path)
    const requestId = crypto.randomUUID()
    const context = this.context(method, path, requestId)
    const limit = new LimitedSignal(timeoutMs, signal)
    try {
      return await requestText({
        pool: question.isBackground ? await this.#openBackgroundPool() : this.pool,
        request: {
          method,
          path,
          headers: this.headers(requestId, '*/*'),
          ...(question.body !== undefined && { body: JSON.stringify(question.body) }),
        },
        signal: limit.signal,
        context,
        connectTimeoutMs: this.connectTimeoutMs,
        classify: classifyVllmResponse,
        maxBytes: maxAnswerBytes,
      })
    } catch (error) {
      if (!limit.isTimeUp) throw error
      const message = `${method} ${context.url} did not answer within ${timeoutMs} ms.`
      const { deployment, platform } = context
      throw new TimeoutError({ message, which: 'total', timeoutMs, requestId, deployment, platform })
    } finally {
      limit.dispose()
    }
  }

  #openBackgroundPool(): Promise<HttpPool> {
    this.#backgroundPool ??= HttpPool.open({
      ...connectionSettings(this.options),
      connectTimeoutMs: this.connectTimeoutMs,
      maxConnections: backgroundConnections,
      isBackground: true,
    })
    return this.#backgroundPool
  }
}

function connectionSettings({ origin, tls, proxy }: VllmOptions): Pick<HttpPoolOptions, 'origin' | 'tls' | 'proxy'> {
  return { origin, tls, proxy }
}
