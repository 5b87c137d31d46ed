import type { AdapterCall, AdapterContext, AdapterTarget } from '../adapter.js'
import { HttpPool } from '../transport/http-pool.js'
import { proxySecrets, readProxySettings } from '../transport/proxy-settings.js'
import { createRedact, type Redact } from '../transport/redact.js'
import type { RequestContext } from '../transport/request-context.js'
import type { Authorization, Authorizer } from './authorizer.js'
import { type AwsClient, openAwsClient } from './aws-client.js'
import { BearerAuthorizer, bearerVariable } from './bearer-authorizer.js'
import type { BedrockPlace } from './bedrock-error-rules.js'
import { type BedrockOptions, createRefuse, type Refuse, readBedrockOptions } from './bedrock-options.js'
import { SigV4Authorizer } from './sigv4-authorizer.js'

/** The operations of Bedrock Runtime, as the last part of their paths. */
export type BedrockOperation = 'converse' | 'converse-stream' | 'invoke' | 'invoke-with-response-stream'

/** A request that is ready to be sent, and the context of its errors. */
interface ReadyRequest {
  readonly path: string
  readonly body: string
  readonly authorization: Authorization
  readonly context: RequestContext
}

interface EndpointParts {
  readonly options: BedrockOptions
  readonly client: AwsClient
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  /** Masks the secrets every request has in common. */
  readonly redact: Redact
}

/** One model at one endpoint: its address, its credentials, and the connections to it. */
export class BedrockEndpoint {
  readonly options: BedrockOptions
  readonly place: BedrockPlace
  readonly pool: HttpPool
  readonly connectTimeoutMs: number
  /** Whether the host was made from the Region, and nobody named it. */
  readonly hasRegionalHost: boolean
  readonly #client: AwsClient
  readonly #authorizer: Authorizer
  readonly #modelPath: string
  readonly #redact: Redact

  private constructor({ options, client, pool, connectTimeoutMs, redact }: EndpointParts) {
    const { apiKey, modelId } = options
    this.options = options
    this.place = { modelId, region: client.region }
    this.pool = pool
    this.connectTimeoutMs = connectTimeoutMs
    this.hasRegionalHost = !options.endpoint && new URL(client.origin).hostname.split('.').includes(client.region)
    this.#client = client
    this.#redact = redact
    this.#authorizer = usesBearerKey(options)
      ? new BearerAuthorizer(apiKey)
      : new SigV4Authorizer(client.origin, client.signer)
    // One label of the path: the slashes and colons of an ARN are part of it.
    this.#modelPath = `${client.basePath}/model/${encodeURIComponent(modelId)}`
  }

  /**
   * Checks a target and prepares connections to it. The AWS SDK and undici are loaded, and nothing is sent.
   * @throws ConfigurationError for a target that cannot be used.
   */
  static async open(target: AdapterTarget, context: AdapterContext): Promise<BedrockEndpoint> {
    const options = readBedrockOptions(target, context)
    const refuse = createRefuse(target)
    checkBearerKey(options, refuse)
    const client = await openAwsClient(options, refuse)
    const proxy = readProxySettings(context.proxy, client.origin)
    if (typeof proxy === 'string') return refuse(proxy)
    const { connectTimeoutMs, maxConnections, tls } = context
    const pool = await HttpPool.open({ origin: client.origin, connectTimeoutMs, maxConnections, tls, proxy })
    const redact = createRedact([options.apiKey, ...proxySecrets(proxy)])
    return new BedrockEndpoint({ options, client, pool, connectTimeoutMs, redact })
  }

  /** What errors about a request say before it is authorised. */
  context(operation: BedrockOperation, requestId: string): RequestContext {
    const { deployment } = this.options
    const url = `${this.#client.origin}${this.#modelPath}/${operation}`
    return { deployment, platform: 'bedrock', method: 'POST', url, requestId, redact: this.#redact }
  }

  /**
   * Authorises a request.
   * @throws AuthenticationError where there are no credentials; AbortedError when the signal fires.
   */
  async prepare(
    operation: BedrockOperation,
    { body, headers }: { readonly body: string; readonly headers?: Readonly<Record<string, string>> },
    call: AdapterCall,
  ): Promise<ReadyRequest> {
    const path = `${this.#modelPath}/${operation}`
    const context = this.context(operation, call.requestId)
    const unsigned = { path, body, headers: { ...commonHeaders, 'amz-sdk-invocation-id': call.requestId, ...headers } }
    const authorization = await this.#authorizer.authorize(unsigned, call.abortSource ?? call.signal, context)
    const redact: Redact = (text) => this.#redact(authorization.redact(text))
    return { path, body, authorization, context: { ...context, redact } }
  }

  /** Closes idle sockets at once and the others when their request ends. */
  async close(): Promise<void> {
    await this.pool.close()
    this.#client.close()
  }
}

const commonHeaders = {
  'content-type': 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'duo-models',
}

/** A key of the deployment, or one of the environment where nothing else was asked for: AWS prefers it, too. */
function usesBearerKey({ apiKey, credentialSource, profile }: BedrockOptions): boolean {
  if (apiKey !== undefined || credentialSource === 'bearer') return true
  const mayUseEnvironment = credentialSource === undefined || credentialSource === 'environment'
  return mayUseEnvironment && profile === undefined && (process.env[bearerVariable]?.trim() ?? '') !== ''
}

function checkBearerKey({ apiKey, credentialSource }: BedrockOptions, refuse: Refuse): void {
  if (credentialSource !== 'bearer' || apiKey !== undefined || (process.env[bearerVariable] ?? '') !== '') return
  refuse(`has credentials 'bearer' and no key. Set 'apiKey', or ${bearerVariable} in the environment.`)
}
