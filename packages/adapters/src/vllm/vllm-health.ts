import type { EndpointHealth, EndpointHealthOptions } from '../endpoint-health.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { VllmEndpoint } from './vllm-endpoint.js'

/**
 * Asks `/health`, beside `/v1`. vLLM answers 200 without a body while its engine lives, and 503 (older versions: 500) once
 * it has died.
 * @throws DuoModelError where it says so, does not answer or cannot be reached
 */
export async function checkVllmHealth(endpoint: VllmEndpoint, options: EndpointHealthOptions): Promise<EndpointHealth> {
  try {
    const body = await endpoint.ask({ method: 'GET', base: 'root', path: '/health', isBackground: true, ...options })
    return isWebPage.test(body) ? 'unknown' : 'healthy'
  } catch (error) {
    return readRefusal(error)
  }
}

/** What a gateway shows for every path it does not know. */
const isWebPage = /^\s*</

/** A refusal says nothing about the engine, except that somebody is there where a key is missed. */
function readRefusal(error: unknown): EndpointHealth {
  if (!DuoModelError.is(error) || error.status === undefined) throw error
  if (error.status === 401 || error.status === 403) return 'healthy'
  if (error.status < 500 || error.status === 501) return 'unknown'
  throw error
}
