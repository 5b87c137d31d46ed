import type { Fix } from '../finding.js'
import type { ResolvedDeployment } from '../resolved-configuration.js'
import type { DeploymentContext } from '../rule.js'
import { holdsSecret } from '../show-value.js'

/** An endpoint as written, where it stands, and taken apart. */
export interface EndpointToCheck {
  /** As written. */
  readonly text: string
  /** Pointer relative to the deployment. */
  readonly path: string
  /** Taken apart; absent when it is no URL. */
  readonly url?: URL | undefined
}

const remembered = new WeakMap<ResolvedDeployment, readonly EndpointToCheck[]>()

/** Every endpoint of a deployment; each is taken apart once, whichever rules ask. */
export function endpointsToCheck({ deployment, settings }: DeploymentContext): readonly EndpointToCheck[] {
  let endpoints = remembered.get(deployment)
  if (endpoints === undefined) {
    const isList = Array.isArray(settings.endpoint)
    endpoints = deployment.endpoints.map((text, index) => ({
      text,
      path: isList ? `/endpoint/${index}` : '/endpoint',
      url: URL.canParse(text) ? new URL(text) : undefined,
    }))
    remembered.set(deployment, endpoints)
  }
  return endpoints
}

/** Endpoints of servers that speak the OpenAI protocol under `/v1`: vLLM. */
export function openAIEndpoints(context: DeploymentContext): (EndpointToCheck & { readonly url: URL })[] {
  if (context.platform !== 'vllm') return []
  return endpointsToCheck(context).filter(isHttp)
}

/** Whether it is an http or https URL. */
export function isHttp(endpoint: EndpointToCheck): endpoint is EndpointToCheck & { readonly url: URL } {
  return endpoint.url?.protocol === 'http:' || endpoint.url?.protocol === 'https:'
}

/** The fix that gives an endpoint another path; without a patch where a patch would repeat a secret. */
export function replacePath({ text, path }: EndpointToCheck, pathname: string, description: string): Fix {
  if (holdsSecret(text)) return { description }
  const url = new URL(text)
  url.pathname = pathname
  return { description, patch: [{ op: 'replace', path, value: url.href }] }
}
