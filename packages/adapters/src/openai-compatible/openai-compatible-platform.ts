import type { AdapterContext, AdapterTarget } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import { type Authorizer, createFixedAuthorizer } from '../openai-format/authorizer.js'
import { judgeRefusal } from '../openai-format/judge-refusal.js'
import type { OpenAIFormatPlatform } from '../openai-format/openai-format-connection.js'
import { type Refusal, refusedResponse, streamFailures } from '../openai-format/refusal.js'
import { createRequestBody } from '../openai-format/request-body.js'
import type { StreamFailures } from '../openai-format/stream-reader.js'
import { findFormatProblem, unsentRequest } from '../openai-format/unsent-request.js'
import type { ErrorResponse } from '../transport/call.js'
import { HttpPool } from '../transport/http-pool.js'
import type { RequestContext } from '../transport/request-context.js'
import { type OpenAICompatibleEndpoint, readOpenAICompatibleEndpoint } from './openai-compatible-endpoint.js'
import type { OpenAICompatibleAdapterOptions } from './openai-compatible-options.js'

const defaultStreamOptions = { include_usage: true }
const routes = { chat: '/chat/completions', completion: '/completions' } as const

/** One server of the OpenAI format. */
export class OpenAICompatiblePlatform implements OpenAIFormatPlatform {
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  readonly authorizer: Authorizer
  readonly #options: OpenAICompatibleAdapterOptions
  readonly #target: AdapterTarget
  readonly #endpoint: OpenAICompatibleEndpoint

  constructor(
    options: OpenAICompatibleAdapterOptions,
    target: AdapterTarget,
    endpoint: OpenAICompatibleEndpoint,
    pool: HttpPool,
    connectTimeoutMs: number,
  ) {
    const { apiKey } = target
    this.#options = options
    this.#target = target
    this.#endpoint = endpoint
    this.authorizer = createFixedAuthorizer(apiKey ? { authorization: `Bearer ${apiKey}` } : {}, endpoint.redact)
    this.pool = pool
    this.connectTimeoutMs = connectTimeoutMs
  }

  /**
   * Checks a target and prepares connections to it; undici is loaded, and nothing is sent.
   * @throws ConfigurationError for a target that cannot be used.
   */
  static async open(
    options: OpenAICompatibleAdapterOptions,
    target: AdapterTarget,
    context: AdapterContext,
  ): Promise<OpenAICompatiblePlatform> {
    const endpoint = readOpenAICompatibleEndpoint(target, context, options.platform)
    const { origin, tls, proxy } = endpoint
    const { connectTimeoutMs, maxConnections } = context
    const pool = await HttpPool.open({ origin, connectTimeoutMs, maxConnections, tls, proxy })
    return new OpenAICompatiblePlatform(options, target, endpoint, pool, connectTimeoutMs)
  }

  path({ kind }: AdapterRequest): string {
    return `${this.#endpoint.basePath}${routes[kind]}`
  }

  headers(requestId: string, accept: string): Readonly<Record<string, string>> {
    const own = { 'content-type': 'application/json', accept, 'accept-encoding': 'identity', 'x-request-id': requestId }
    return { ...this.#options.headers, ...own }
  }

  body(request: AdapterRequest, stream: boolean): string {
    const { maxTokensField = 'max_tokens', streamOptions = defaultStreamOptions } = this.#options
    return createRequestBody(request, {
      model: this.#target.servedModelName,
      stream,
      maxTokensField,
      streamOptions: streamOptions === false ? undefined : streamOptions,
    })
  }

  context(request: AdapterRequest, requestId: string): RequestContext {
    const { origin, redact } = this.#endpoint
    const { platform } = this.#options
    const url = `${origin}${this.path(request)}`
    return { deployment: this.#target.deployment, platform, method: 'POST', url, requestId, redact }
  }

  findProblem(request: AdapterRequest, context: RequestContext): DuoModelError | undefined {
    const problem = findFormatProblem(request)
    return problem && unsentRequest(context, problem)
  }

  ownStopSequences(): undefined {
    return undefined
  }

  classify(response: ErrorResponse): DuoModelError {
    return refusedResponse(response, this.#judge)
  }

  failures(context: RequestContext): StreamFailures {
    return streamFailures(context, this.#judge)
  }

  readonly #judge = (refusal: Refusal): DuoModelError => {
    const { code, type, message } = refusal.error
    const text = [code, type, message].filter(Boolean).join(' ')
    const rule = this.#options.errors?.find(
      ({ statuses, words }) =>
        (statuses?.includes(refusal.status) ?? true) && (words === undefined || text.search(words) !== -1),
    )
    return rule ? rule.create(refusal.options(rule.advice)) : judgeRefusal(refusal)
  }
}
