import type { Exchange } from '../http/exchange.js'
import type { ApiVersion } from './api-version.js'
import type { AzureOpenAIServerState } from './azure-openai-server-state.js'
import { type AzureRequestError, platformError } from './azure-request-error.js'

/** What a path asks for. */
export interface AzureRoute {
  readonly operation: 'chat' | 'completions' | 'models'
  /** The deployment in the path; the v1 API names it in the body. */
  readonly deployment: string | undefined
}

/** The v1 API is told from the dated one by its path. */
export function isV1Path({ pathname }: Exchange): boolean {
  return pathname.startsWith('/openai/v1/')
}

const operations: ReadonlyMap<string, AzureRoute['operation']> = new Map([
  ['chat/completions', 'chat'],
  ['completions', 'completions'],
  ['models', 'models'],
])

/** The operation of a path, or the 404 that Azure answers to one it does not know. */
export function readRoute({ pathname, method }: Exchange): AzureRoute {
  const [, deployment, rest = ''] =
    /^\/openai\/(?:v1\/|deployments\/([^/]+)\/)?(chat\/completions|completions|models)$/.exec(pathname) ?? []
  const operation = operations.get(rest)
  const isDeployed = deployment !== undefined || pathname.startsWith('/openai/v1/')
  const wantedMethod = operation === 'models' ? 'GET' : 'POST'
  const fits = operation === 'models' ? deployment === undefined : isDeployed
  if (operation === undefined || !fits || method !== wantedMethod) throw resourceNotFound()
  return { operation, deployment: deployment === undefined ? undefined : decode(deployment) }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw resourceNotFound()
  }
}

/** The version a request asks for: dated paths need one that exists, the v1 API takes none, or a word for its newest. */
export function readApiVersion(
  { query }: Exchange,
  isV1: boolean,
  { apiVersions }: AzureOpenAIServerState,
): ApiVersion {
  const version = new URLSearchParams(query).get('api-version')
  if (isV1) {
    if (version === null || ['v1', 'latest', 'preview'].includes(version)) return 'v1'
    throw platformError(400, 'BadRequest', 'API version not supported')
  }
  if (version !== null && apiVersions.has(version)) return version
  throw resourceNotFound()
}

/** Azure says the same of an unknown path, method, host and version. */
function resourceNotFound(): AzureRequestError {
  return platformError(404, '404', 'Resource not found')
}
