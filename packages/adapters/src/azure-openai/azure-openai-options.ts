import type { AdapterContext, AdapterTarget } from '../adapter.js'
import { ConfigurationError } from '../errors/configuration-error.js'
import { findApiKeyProblem, readEndpointUrl } from '../transport/endpoint-url.js'
import { type ProxySettings, proxySecrets, readProxySettings } from '../transport/proxy-settings.js'
import { createRedact } from '../transport/redact.js'
import { findTlsProblem, type TlsSettings } from '../transport/tls-settings.js'
import { type ApiVersion, newestStableVersion, readApiVersion } from './api-version.js'

/** What the adapter needs of a target, checked. */
export interface AzureOpenAIOptions {
  /** The deployment's name in the configuration. */
  readonly deployment: string
  /** The model's id in the catalog. */
  readonly model: string
  /** The deployment's name on Azure. */
  readonly deploymentName: string
  /** Scheme, host and port. */
  readonly origin: string
  /** What a gateway puts before `/openai`, without a slash at the end; mostly empty. */
  readonly prefix: string
  readonly apiVersion: ApiVersion
  readonly apiKey?: string
  readonly tls?: TlsSettings | undefined
  readonly proxy?: ProxySettings | undefined
  /** What must not appear in messages. */
  readonly secrets: readonly (string | undefined)[]
}

type Refuse = (problem: string) => never

const example = 'https://example.openai.azure.com'

/**
 * Checks a target.
 * @param hasCredential whether tokens can be asked for
 * @throws ConfigurationError that names the deployment, what is wrong and what it must be.
 */
export function readAzureOpenAIOptions(
  target: AdapterTarget,
  context: AdapterContext,
  hasCredential: boolean,
): AzureOpenAIOptions {
  const { deployment, model, servedModelName, apiKey } = target
  const refuse = createRefuse(target)
  const { url, prefix, isV1 } = readEndpoint(target.endpoint, refuse)
  checkDeploymentName(servedModelName, refuse)
  const apiVersion = readVersion(target.settings['apiVersion'], isV1, refuse)
  const hasKey = apiKey !== undefined && apiKey !== ''
  if (!hasKey && !hasCredential) refuse(noCredentials)
  const keyProblem = hasKey ? findApiKeyProblem(apiKey) : undefined
  if (keyProblem !== undefined) refuse(keyProblem)
  const { tls } = context
  const tlsProblem = tls && findTlsProblem(tls)
  if (tlsProblem !== undefined) refuse(tlsProblem)
  const proxy = readProxySettings(context.proxy, url.origin)
  if (typeof proxy === 'string') return refuse(proxy)
  return {
    deployment,
    model,
    deploymentName: servedModelName,
    origin: url.origin,
    prefix,
    apiVersion,
    tls,
    proxy,
    secrets: [apiKey, ...proxySecrets(proxy)],
    ...(hasKey && { apiKey }),
  }
}

const noCredentials =
  "has neither an 'apiKey' nor a credential. Set 'apiKey' to a key of the resource (Keys and Endpoint in the Azure portal), or pass adapters: [createAzureOpenAIAdapter({ credential: new DefaultAzureCredential() })] to use Microsoft Entra ID. No environment variable is read."

function createRefuse({ deployment, apiKey }: AdapterTarget): Refuse {
  const redact = createRedact([apiKey])
  return (problem) => {
    const message = redact(`The deployment '${deployment}' ${problem}`)
    throw new ConfigurationError({ message, deployment, platform: 'azure-openai' })
  }
}

interface ResourceAddress {
  readonly url: URL
  readonly prefix: string
  /** Whether it ends in `/openai/v1`. */
  readonly isV1: boolean
}

/** Takes the address of the resource, with or without `/openai` or `/openai/v1`. */
function readEndpoint(endpoint: string | undefined, refuse: Refuse): ResourceAddress {
  if (endpoint === undefined || endpoint.trim() === '') return refuse(`needs 'endpoint', such as ${example}.`)
  const url = readEndpointUrl(endpoint, example)
  if (typeof url === 'string') return refuse(url)
  const path = url.pathname.replace(/\/+$/, '')
  const operation = /(?:\/openai)?(?:\/v1)?\/(?:deployments(?:\/|$)|(?:chat\/)?completions$|responses$)/.exec(path)
  if (operation)
    refuse(
      `has an endpoint that goes on to a deployment or an operation; both are added here. Write ${url.origin}${path.slice(0, operation.index)}.`,
    )
  if (path.endsWith('/v1') && !path.endsWith('/openai/v1'))
    refuse(
      `has an endpoint ending in /v1. The v1 API of Azure OpenAI ends in /openai/v1: write ${url.origin}/openai/v1.`,
    )
  return { url, prefix: path.replace(/\/openai(?:\/v1)?$/, ''), isV1: path.endsWith('/openai/v1') }
}

/** A name of dots alone would change the path of the request. */
function checkDeploymentName(name: string, refuse: Refuse): void {
  if (name.trim() === '') refuse("needs 'deployment', the name of the deployment on Azure.")
  if (/^\.+$/.test(name) || name.length > 255 || /[\p{Cc}/\\]/u.test(name))
    refuse(`has ${JSON.stringify(name.slice(0, 100))} as its 'deployment', which is no name Azure allows.`)
}

function readVersion(text: unknown, isV1: boolean, refuse: Refuse): ApiVersion {
  const version = text === undefined || typeof text === 'string' ? readApiVersion(text) : undefined
  if (version === undefined)
    return refuse(
      `has ${JSON.stringify(text)} as its 'apiVersion'. Write a version in quotes, such as '${newestStableVersion}' or '2025-04-01-preview', or leave it out for the v1 API.`,
    )
  if (isV1 && !version.isV1)
    refuse(
      `has an endpoint ending in /openai/v1, which takes no dated version, and the apiVersion '${version.name}'. Leave out one of the two.`,
    )
  return version
}
