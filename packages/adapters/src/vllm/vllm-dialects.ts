import type { AdapterRequest } from '../adapter-request.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import { createRequestCheck, isChecked } from '../structured-output/request-check.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'
import { waitOrAbort } from '../transport/wait-or-abort.js'
import { Once } from './once.js'
import type { Preparation } from './preparation.js'
import { dependsOnVersion, dialectMembers, findDialectProblem } from './vllm-dialect.js'
import type { VllmEndpoint } from './vllm-endpoint.js'
import { parseVllmVersion, readVersionText, type VllmVersion } from './vllm-version.js'

/** A server that does not say its version within this time is treated as one that does not tell. */
const versionTimeoutMs = 3_000

/**
 * Writes requests the way this server's version understands. The version is taken from the configuration, or read from
 * `/version` when the first request depends on it, once for all of them; without it the form that most versions
 * understand is used.
 */
export class VllmDialects {
  readonly #version: Once<VllmVersion>

  constructor(endpoint: VllmEndpoint) {
    this.#version = new Once(() => readVersion(endpoint))
  }

  /** Whether {@link prepare} has anything to do: for most requests it has not. */
  needsPreparation(request: AdapterRequest): boolean {
    return isChecked(request) || dependsOnVersion(request)
  }

  /**
   * Finds out what a request needs.
   * @throws UnsupportedParameterError for what this version refuses or ignores; InvalidRequestError for a form that
   * cannot be checked; AbortedError when the signal fires.
   */
  async prepare(request: AdapterRequest, signal: AbortSignal, context: RequestContext): Promise<Preparation> {
    const check = await createRequestCheck(request, context)
    if (!dependsOnVersion(request)) return { check }
    const version = await waitOrAbort(this.#version.get(), signal, context)
    const problem = version && findDialectProblem(request, version)
    if (problem) {
      const fields = requestErrorFields(context, `was not sent. ${problem.explanation}`)
      throw new UnsupportedParameterError({ ...fields, phase: 'configuration', parameter: problem.parameter })
    }
    return { check, members: dialectMembers(request, version) }
  }
}

async function readVersion(endpoint: VllmEndpoint): Promise<VllmVersion | undefined> {
  const { version } = endpoint.options
  const configured = version === undefined ? undefined : await parseVllmVersion(version)
  if (configured) return configured
  const body = await endpoint.ask({ method: 'GET', base: 'root', path: '/version', timeoutMs: versionTimeoutMs })
  const text = readVersionText(body)
  return text === undefined ? undefined : parseVllmVersion(text)
}
