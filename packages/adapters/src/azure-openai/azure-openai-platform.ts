import type { AdapterContext, AdapterTarget } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import { type Authorization, type Authorizer, createFixedAuthorizer } from '../openai-format/authorizer.js'
import type { OpenAIFormatPlatform } from '../openai-format/openai-format-connection.js'
import { refusedResponse, streamFailures } from '../openai-format/refusal.js'
import { createRequestBody } from '../openai-format/request-body.js'
import type { StreamFailures } from '../openai-format/stream-reader.js'
import { findFormatProblem, type RequestProblem, unsentRequest } from '../openai-format/unsent-request.js'
import type { ErrorResponse } from '../transport/call.js'
import { HttpPool } from '../transport/http-pool.js'
import { createRedact, type Redact } from '../transport/redact.js'
import type { RequestContext } from '../transport/request-context.js'
import { azureRequestId, judgeAzureRefusal } from './azure-openai-errors.js'
import { type AzureOpenAIModel, describeAzureOpenAIModel } from './azure-openai-model.js'
import { type AzureOpenAIOptions, readAzureOpenAIOptions } from './azure-openai-options.js'
import { readAzureContentFilters } from './content-filter.js'
import { EntraAuthorizer } from './entra-authorizer.js'
import type { TokenCredential } from './token-credential.js'

/** How tokens are had, where a deployment has no key. */
export interface TokenSource {
  readonly credential: TokenCredential
  readonly scope: string
}

const streamOptions = { include_usage: true }
const routes = { chat: '/chat/completions', completion: '/completions' } as const

/** One deployment of an Azure OpenAI resource. */
export class AzureOpenAIPlatform implements OpenAIFormatPlatform {
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  readonly authorizer: Authorizer
  readonly readContentFilters = readAzureContentFilters
  readonly #options: AzureOpenAIOptions
  readonly #model: AzureOpenAIModel
  readonly #redact: Redact
  readonly #basePath: string
  readonly #query: string

  constructor(options: AzureOpenAIOptions, authorizer: Authorizer, pool: HttpPool, connectTimeoutMs: number) {
    const { prefix, apiVersion, deploymentName } = options
    this.#options = options
    this.#model = describeAzureOpenAIModel(options.model)
    this.#redact = createRedact(options.secrets)
    this.#basePath = `${prefix}/openai/${apiVersion.isV1 ? 'v1' : `deployments/${encodeURIComponent(deploymentName)}`}`
    this.#query = apiVersion.query === undefined ? '' : `?api-version=${apiVersion.query}`
    this.authorizer = authorizer
    this.pool = pool
    this.connectTimeoutMs = connectTimeoutMs
  }

  /**
   * Checks a target and prepares connections to it; undici is loaded, and nothing is sent.
   * @throws ConfigurationError for a target that cannot be used.
   */
  static async open(
    target: AdapterTarget,
    context: AdapterContext,
    tokens: TokenSource | undefined,
  ): Promise<AzureOpenAIPlatform> {
    const options = readAzureOpenAIOptions(target, context, tokens !== undefined)
    const { origin, tls, proxy } = options
    const { connectTimeoutMs, maxConnections } = context
    const pool = await HttpPool.open({ origin, connectTimeoutMs, maxConnections, tls, proxy })
    return new AzureOpenAIPlatform(options, createAuthorizer(options, tokens), pool, connectTimeoutMs)
  }

  path(request: AdapterRequest): string {
    return `${this.#basePath}${routes[request.kind]}${this.#query}`
  }

  headers(requestId: string, accept: string): Readonly<Record<string, string>> {
    return {
      'content-type': 'application/json',
      accept,
      'accept-encoding': 'identity',
      'x-ms-client-request-id': requestId,
    }
  }

  body(request: AdapterRequest, stream: boolean): string {
    const { isRecent } = this.#options.apiVersion
    return createRequestBody(this.#model.refusesStop ? { ...request, stopSequences: undefined } : request, {
      model: this.#options.deploymentName,
      stream,
      maxTokensField: request.kind === 'chat' && isRecent ? 'max_completion_tokens' : 'max_tokens',
      streamOptions: isRecent && !hasDataSources(request) ? streamOptions : undefined,
    })
  }

  context(request: AdapterRequest, requestId: string): RequestContext {
    const { deployment, origin } = this.#options
    const url = `${origin}${this.#basePath}${routes[request.kind]}`
    return { deployment, platform: 'azure-openai', method: 'POST', url, requestId, redact: this.#redact }
  }

  findProblem(request: AdapterRequest, context: RequestContext): DuoModelError | undefined {
    const { model } = this.#options
    const problem =
      (this.#model.refusesSampling ? findSamplingProblem(request, model) : undefined) ?? findFormatProblem(request)
    return problem && unsentRequest(context, problem)
  }

  ownStopSequences({ stopSequences = [] }: AdapterRequest): readonly string[] | undefined {
    const stops = this.#model.refusesStop ? stopSequences.filter((stop) => stop !== '') : []
    return stops.length === 0 ? undefined : stops
  }

  classify(response: ErrorResponse, authorization: Authorization): DuoModelError {
    const place = { options: this.#options, authorization }
    return refusedResponse(response, (refusal) => judgeAzureRefusal(refusal, place), azureRequestId)
  }

  failures(context: RequestContext, authorization: Authorization): StreamFailures {
    const place = { options: this.#options, authorization }
    return streamFailures(context, (refusal) => judgeAzureRefusal(refusal, place))
  }
}

function createAuthorizer({ apiKey, secrets }: AzureOpenAIOptions, tokens: TokenSource | undefined): Authorizer {
  if (apiKey === undefined && tokens) return new EntraAuthorizer({ ...tokens, secrets })
  return createFixedAuthorizer(apiKey === undefined ? {} : { 'api-key': apiKey }, createRedact(secrets))
}

/** Requests on the caller's own data are refused with `stream_options`: issue 30751 of the Azure SDK for JavaScript. */
function hasDataSources({ platformOptions }: AdapterRequest): boolean {
  return platformOptions?.['data_sources'] !== undefined
}

/** The default of both is 1, and only that is taken. */
function findSamplingProblem(request: AdapterRequest, model: string): RequestProblem | undefined {
  const { temperature = 1, topP = 1 } = request
  const parameter = temperature !== 1 ? 'temperature' : topP !== 1 ? 'top_p' : undefined
  if (parameter === undefined) return undefined
  const explanation = `The model '${model}' reasons and takes no ${parameter} but 1. Leave it out; platformOptions: { reasoning_effort: 'low' } makes it quicker and more even.`
  return { parameter, explanation }
}
