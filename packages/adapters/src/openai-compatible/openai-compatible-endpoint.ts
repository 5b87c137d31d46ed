import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { findApiKeyProblem, readEndpointUrl } from '../transport/endpoint-url.js'
import { type ProxySettings, proxySecrets, readProxySettings } from '../transport/proxy-settings.js'
import { createRedact, type Redact } from '../transport/redact.js'
import { findTlsProblem, type TlsSettings } from '../transport/tls-settings.js'

/** Where a server is and how it is reached, checked. */
export interface OpenAICompatibleEndpoint {
  /** Scheme, host and port. */
  readonly origin: string
  /** The endpoint's path without a slash at the end, usually `/v1`. */
  readonly basePath: string
  readonly tls?: TlsSettings | undefined
  readonly proxy?: ProxySettings | undefined
  readonly redact: Redact
}

const example = 'http://gpu-1:8080/v1'

/**
 * Checks a target.
 * @throws ConfigurationError that names the deployment, what is wrong and what it must be.
 */
export function readOpenAICompatibleEndpoint(
  target: AdapterTarget,
  context: AdapterContext,
  platform: string,
): OpenAICompatibleEndpoint {
  const { deployment, endpoint = '', apiKey, servedModelName } = target
  const redact = createRedact([apiKey])
  const refuse = (problem: string): never => {
    throw new ConfigurationError({ message: redact(`The deployment '${deployment}' ${problem}`), deployment, platform })
  }
  if (endpoint.trim() === '') refuse(`needs 'endpoint', such as ${example}.`)
  const url = readEndpointUrl(endpoint, example)
  if (typeof url === 'string') return refuse(url)
  const route = /\/(?:chat\/completions|completions|models)\/*$/.exec(url.pathname)
  if (route)
    refuse(
      `has an endpoint with the path of one route. Write ${url.origin}${url.pathname.slice(0, route.index)} instead.`,
    )
  if (servedModelName.trim() === '') refuse("needs 'servedModelName', the name the server answers to.")
  const problem =
    (apiKey ? findApiKeyProblem(apiKey) : undefined) ?? (context.tls ? findTlsProblem(context.tls) : undefined)
  if (problem !== undefined) refuse(problem)
  const proxy = readProxySettings(context.proxy, url.origin)
  if (typeof proxy === 'string') return refuse(proxy)
  const secrets = [apiKey, ...proxySecrets(proxy)]
  const basePath = url.pathname.replace(/\/+$/, '')
  return { origin: url.origin, basePath, tls: context.tls, proxy, redact: createRedact(secrets) }
}
