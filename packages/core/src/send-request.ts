import {
  AbortedError,
  type AdapterCall,
  type AdapterConnection,
  AllDeploymentsFailedError,
  DuoModelError,
  type ModelAdapter,
  ProtocolError,
} from '@duo-models/adapters'
import type { Call } from './call.js'
import type { Deployment } from './deployment.js'
import type { ModelRequest } from './model-request.js'
import { type PreparedRequest, prepareRequest } from './prepare-request.js'
import type { Replica } from './routing/replica.js'
import { backoffMs } from './steps/backoff.js'
import type { RetryPolicy } from './steps/retry-policy.js'

/** One attempt: everything it takes to send the request to one replica. */
export interface Attempt {
  readonly deployment: Deployment
  readonly connection: AdapterConnection
  readonly prepared: PreparedRequest
  readonly call: AdapterCall
}

/** What came of it, and where. `release` says that the replica is done with the request. */
export interface Sent<Result> {
  readonly result: Result
  readonly deployment: Deployment
  readonly prepared: PreparedRequest
  readonly attempts: number
  release(): void
}

/**
 * The one loop that sends: on each deployment in turn, on its replicas, as often as the policy allows, until `run`
 * succeeds. `run` must fail only while nothing has reached the caller.
 * @throws DuoModelError of the last attempt, or `all-deployments-failed` where several deployments were tried.
 */
export class RequestSender<Result> {
  readonly #request: ModelRequest
  readonly #call: Call
  readonly #policy: RetryPolicy
  readonly #run: (attempt: Attempt) => Promise<Result>
  #attempts = 0

  constructor(request: ModelRequest, call: Call, policy: RetryPolicy, run: (attempt: Attempt) => Promise<Result>) {
    this.#request = request
    this.#call = call
    this.#policy = policy
    this.#run = run
  }

  async send(deployments: readonly Deployment[]): Promise<Sent<Result>> {
    const errors: DuoModelError[] = []
    for (const deployment of deployments) {
      try {
        return await this.#sendTo(deployment)
      } catch (error) {
        const failure = error as DuoModelError
        if (deployments.length === 1 || this.#call.failure !== undefined || !this.#policy.mayFallBack(failure))
          throw failure
        errors.push(failure)
      }
    }
    throw allFailed(this.#request.feature, errors, this.#attempts)
  }

  /** Tries one deployment; whatever it throws is a `DuoModelError` that names it. */
  async #sendTo(deployment: Deployment): Promise<Sent<Result>> {
    const failed = new Set<Replica>()
    for (let attempt = 1; ; attempt += 1) {
      const replica = deployment.pickReplica(failed)
      try {
        return await this.#attempt(deployment, replica)
      } catch (error) {
        const failure = this.#describe(error, deployment)
        failed.add(replica)
        if (this.#call.failure !== undefined || !this.#policy.mayRetry(failure, attempt)) throw failure
        await this.#pause(failure, attempt, deployment.hasOtherReplica(failed))
      }
    }
  }

  async #attempt(deployment: Deployment, replica: Replica): Promise<Sent<Result>> {
    if (this.#call.failure !== undefined) throw this.#call.failure
    const { adapter, connection } =
      readyLink(deployment, replica) ?? (await this.#call.wait(connect(deployment, replica)))
    const prepared = prepareRequest(this.#request, {
      model: deployment.model,
      modelFamily: deployment.modelFamily,
      supportsRawPrompts: adapter.supportsRawPrompts === true,
    })
    this.#attempts += 1
    const release = occupy(replica)
    try {
      const call = { signal: this.#call.startAttempt(), requestId: this.#call.requestId }
      const result = await this.#run({ deployment, connection, prepared, call })
      return { result, deployment, prepared, attempts: this.#attempts, release }
    } catch (error) {
      release()
      this.#call.abandonAttempt()
      throw error
    }
  }

  /** Another replica that has not failed yet is asked at once; the same one is left alone for a while. */
  async #pause(failure: DuoModelError, attempt: number, hasOtherReplica: boolean): Promise<void> {
    this.#call.watchdog.stopWaiting(false)
    if (hasOtherReplica && failure.retryAfterMs === undefined) return
    const throttled = failure.code === 'rate-limit' || failure.code === 'overloaded'
    await this.#call.sleep(backoffMs(attempt, { throttled, retryAfterMs: failure.retryAfterMs }, Math.random))
  }

  #describe(error: unknown, deployment: Deployment): DuoModelError {
    const failure = this.#call.failure ?? asDuoModelError(error, deployment.platform)
    return failure.addContext({
      deployment: deployment.name,
      platform: deployment.platform,
      requestId: this.#call.requestId,
    })
  }
}

/** What a request goes through. */
interface Link {
  readonly adapter: ModelAdapter
  readonly connection: AdapterConnection
}

/** The link all requests but the first find ready, without a promise. */
function readyLink({ readyAdapter: adapter }: Deployment, { ready: connection }: Replica): Link | undefined {
  return adapter !== undefined && connection !== undefined ? { adapter, connection } : undefined
}

async function connect(deployment: Deployment, replica: Replica): Promise<Link> {
  const adapter = await deployment.adapter()
  return { adapter, connection: await replica.connect(adapter) }
}

function occupy(replica: Replica): () => void {
  replica.inFlight += 1
  let occupied = true
  return () => {
    if (occupied) replica.inFlight -= 1
    occupied = false
  }
}

/** An adapter that throws anything else has a mistake; its error is kept as the cause. */
export function asDuoModelError(error: unknown, platform: string): DuoModelError {
  if (DuoModelError.is(error)) return error
  if (error instanceof Error && error.name === 'AbortError')
    return new AbortedError({ message: `The adapter for '${platform}' gave the request up.`, cause: error })
  const shown = error instanceof Error ? `${error.name}: ${error.message}` : typeof error
  return new ProtocolError({
    message: `The adapter for '${platform}' failed in a way its contract does not allow (${shown}). This is a mistake in the adapter, not in the request.`,
    cause: error,
    retryable: false,
  })
}

function allFailed(feature: string, errors: readonly DuoModelError[], attempts: number): AllDeploymentsFailedError {
  const each = errors.map((error) => `${error.deployment} (${error.code}): ${error.message}`)
  return new AllDeploymentsFailedError({
    message: `Every deployment for '${feature}' failed. ${each.join(' | ')}`,
    errors,
    attempts,
  })
}
