import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { asString, isJsonObject } from '../openai-format/json.js'
import { findApiKeyProblem, readEndpointUrl } from '../transport/endpoint-url.js'
import { type ProxySettings, proxySecrets, readProxySettings } from '../transport/proxy-settings.js'
import { createRedact, type Redact } from '../transport/redact.js'
import { findTlsProblem, type TlsSettings } from '../transport/tls-settings.js'

/** What the adapter needs of a target, checked. */
export interface VllmOptions {
  readonly deployment: string
  /** The model's id in the catalog. */
  readonly model: string
  readonly servedModelName: string
  /** Scheme, host and port. */
  readonly origin: string
  /** The endpoint's path without a slash at the end, usually `/v1`. */
  readonly basePath: string
  readonly apiKey?: string
  /** `server.version` of the deployment; left out, the server is asked when something depends on it. */
  readonly version?: string
  /** `--tokenizer-mode` in `server.serveArgs`. */
  readonly tokenizerMode?: string
  /** Whether `server.serveArgs` say `--scheduling-policy priority`: any other server refuses a priority. */
  readonly schedulesByPriority?: true
  readonly tls?: TlsSettings | undefined
  readonly proxy?: ProxySettings | undefined
  readonly redact: Redact
}

/**
 * Checks a target.
 * @throws ConfigurationError that names the deployment, what is wrong and what it must be.
 */
export function readVllmOptions(target: AdapterTarget, context: AdapterContext): VllmOptions {
  const { deployment, model, servedModelName, apiKey } = target
  const redact = createRedact([apiKey])
  const refuse = (problem: string): never => {
    throw new ConfigurationError({
      message: redact(`The deployment '${deployment}' ${problem}`),
      deployment,
      platform: 'vllm',
    })
  }
  const url = readEndpoint(target.endpoint, refuse)
  if (servedModelName.trim() === '') refuse("needs 'servedModelName', the name the server answers to.")
  const keyProblem = apiKey && findApiKeyProblem(apiKey)
  if (keyProblem) refuse(keyProblem)
  const { tls } = context
  const tlsProblem = tls && findTlsProblem(tls)
  if (tlsProblem !== undefined) refuse(tlsProblem)
  const proxy = readProxySettings(context.proxy, url.origin)
  if (typeof proxy === 'string') return refuse(proxy)
  const basePath = url.pathname.replace(/\/+$/, '')
  const optionalKey = apiKey === undefined || apiKey === '' ? {} : { apiKey }
  return {
    deployment,
    model,
    servedModelName,
    origin: url.origin,
    basePath,
    tls,
    proxy,
    redact: createRedact([apiKey, ...proxySecrets(proxy)]),
    ...optionalKey,
    ...serverFacts(target.settings),
  }
}

/** What the configuration says about the server, where it says it in a way this adapter understands. */
function serverFacts(
  settings: AdapterTarget['settings'],
): Pick<VllmOptions, 'version' | 'tokenizerMode' | 'schedulesByPriority'> {
  const server = settings['server']
  if (!isJsonObject(server)) return {}
  const { version, serveArgs } = server
  const line = Array.isArray(serveArgs) ? serveArgs.join(' ') : (asString(serveArgs) ?? '')
  const tokenizerMode = wordAfter(/(?:^|\s)--tokenizer[-_]mode(?:\s+|=)["']?(\w+)/, line)
  const schedulingPolicy = wordAfter(/(?:^|\s)--scheduling[-_]policy(?:\s+|=)["']?(\w+)/, line)
  return {
    ...(typeof version === 'string' && { version }),
    ...(tokenizerMode !== undefined && { tokenizerMode }),
    ...(schedulingPolicy === 'priority' && { schedulesByPriority: true as const }),
  }
}

function wordAfter(option: RegExp, line: string): string | undefined {
  return option.exec(line)?.[1]
}

type Refuse = (problem: string) => never

function readEndpoint(endpoint: string | undefined, refuse: Refuse): URL {
  if (endpoint === undefined || endpoint.trim() === '') return refuse(`needs 'endpoint', such as ${example}.`)
  const url = readEndpointUrl(endpoint, example)
  if (typeof url === 'string') return refuse(url)
  checkPath(url, refuse)
  return url
}

const example = 'http://gpu-1:8000/v1'

function checkPath(url: URL, refuse: Refuse): void {
  const route = /\/(chat\/completions|completions|models)\/*$/.exec(url.pathname)
  if (route)
    refuse(
      `has an endpoint with the path of one route. End it before '${route[0]}': ${url.origin}${url.pathname.slice(0, route.index)}.`,
    )
  if (/\/v1\/+v1\/*$/.test(url.pathname)) refuse(`has /v1 twice in its endpoint. Write ${url.origin}/v1.`)
}
