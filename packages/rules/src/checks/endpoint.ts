import type { Fix } from '../finding.js'
import { type Address, parseAddress } from '../parse-address.js'
import type { DeploymentContext, Problem } from '../rule.js'
import { holdsSecret } from '../show-value.js'
import { scratchOf } from './deployment-scratch.js'
import { problemsAmong } from './problems-among.js'

/** An endpoint as written, where it stands, and taken apart. */
export interface EndpointToCheck {
  /** As written. */
  readonly text: string
  /** Pointer relative to the deployment. */
  readonly path: string
  /** Taken apart; absent when it is no URL. */
  readonly url?: Address | undefined
}

/** Every endpoint of a deployment; each is taken apart once, whichever rules ask. */
export function endpointsToCheck(context: DeploymentContext): readonly EndpointToCheck[] {
  const scratch = scratchOf(context)
  scratch.endpoints ??= takeApart(context)
  return scratch.endpoints
}

function takeApart({ deployment, settings }: DeploymentContext): readonly EndpointToCheck[] {
  const isList = Array.isArray(settings.endpoint)
  const endpoints: EndpointToCheck[] = []
  for (const text of deployment.endpoints)
    endpoints.push({ text, path: isList ? `/endpoint/${endpoints.length}` : '/endpoint', url: parseAddress(text) })
  return endpoints
}

/** Problems of the http endpoints of servers that speak the OpenAI protocol under `/v1`: vLLM. */
export function problemsOfOpenAI(
  context: DeploymentContext,
  problemOf: (endpoint: EndpointToCheck, pathname: string) => Problem | undefined,
): readonly Problem[] | undefined {
  if (context.platform !== 'vllm') return undefined
  return problemsAmong(endpointsToCheck(context), (endpoint) =>
    isHttp(endpoint) ? problemOf(endpoint, endpoint.url.pathname) : undefined,
  )
}

/** Whether it is an http or https URL. */
export function isHttp(endpoint: EndpointToCheck): endpoint is EndpointToCheck & { readonly url: Address } {
  return endpoint.url?.protocol === 'http:' || endpoint.url?.protocol === 'https:'
}

/** The fix that gives an endpoint another path; without a patch where a patch would repeat a secret. */
export function replacePath({ text, path }: EndpointToCheck, pathname: string, description: string): Fix {
  if (holdsSecret(text)) return { description }
  const url = new URL(text)
  url.pathname = pathname
  return { description, patch: [{ op: 'replace', path, value: url.href }] }
}
