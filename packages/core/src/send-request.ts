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
import type { CallEvents } from './events/call-events.js'
import type { ModelRequest } from './model-request.js'
import { type PreparedRequest, prepareRequest } from './prepare-request.js'
import type { Replica } from './routing/replica.js'
import type { Claim } from './scheduling/claim.js'
import type { WantedAnswer } from './scheduling/concurrency-limit.js'
import type { Permit } from './scheduling/permit.js'
import { backoffMs } from './steps/backoff.js'
import type { RetryPolicy } from './steps/retry-policy.js'

/** One attempt: everything it takes to send the request to one replica. */
export interface Attempt {
  readonly deployment: Deployment
  readonly connection: AdapterConnection
  readonly prepared: PreparedRequest
  readonly call: AdapterCall
  readonly permit: Permit
}

/** What came of it, and where. Whoever gets it releases the permit when the replica is done with the request. */
export interface Sent<Result> {
  readonly result: Result
  readonly deployment: Deployment
  readonly prepared: PreparedRequest
  readonly attempts: number
  readonly permit: Permit
}

/**
 * The one loop that sends: on each deployment in turn, on its replicas, as often as the policy allows, until `run`
 * succeeds. `run` must fail only while nothing has reached the caller.
 * @throws DuoModelError of the last attempt, or `all-deployments-failed` where several deployments were tried.
 */
export class RequestSender<Result> {
  readonly #request: ModelRequest
  readonly #wanted: WantedAnswer
  readonly #call: Call
  readonly #policy: RetryPolicy
  readonly #run: (attempt: Attempt) => Promise<Result>
  readonly #events: CallEvents | undefined
  #attempts = 0

  /**
   * @param wanted what `run` is able to ask for; the permit says which it is
   * @param events told of attempts, retries and fallbacks, where somebody listens
   */
  constructor(
    request: ModelRequest,
    wanted: WantedAnswer,
    call: Call,
    policy: RetryPolicy,
    run: (attempt: Attempt) => Promise<Result>,
    events?: CallEvents,
  ) {
    this.#request = request
    this.#wanted = wanted
    this.#call = call
    this.#policy = policy
    this.#run = run
    this.#events = events
  }

  async send(deployments: readonly Deployment[]): Promise<Sent<Result>> {
    const errors: DuoModelError[] = []
    const last = deployments.at(-1)
    for (const deployment of deployments) {
      try {
        return await this.#sendTo(deployment, deployment !== last)
      } catch (error) {
        const failure = error as DuoModelError
        if (deployments.length === 1 || this.#call.failure !== undefined || !this.#policy.mayFallBack(failure))
          throw failure
        errors.push(failure)
        const next = deployments[errors.length]
        if (next !== undefined) this.#events?.fallback(deployment.name, next.name, failure)
      }
    }
    throw allFailed(this.#request.feature, errors, this.#attempts)
  }

  /**
   * Tries one deployment; whatever it throws is a `DuoModelError` that names it.
   * @param hasFallback whether another deployment waits: then this one costs the caller no pause
   */
  async #sendTo(deployment: Deployment, hasFallback: boolean): Promise<Sent<Result>> {
    const failed = new Set<Replica>()
    // What the platform allows decides how the answer is fetched.
    if (this.#wanted === 'either' && deployment.readyAdapter === undefined) await this.#loadAdapter(deployment)
    const claim = this.#claim(deployment, failed)
    let lastFailure: DuoModelError | undefined
    deployment.retryBudget.earn()
    for (let attempt = 1; ; attempt += 1) {
      const permit =
        this.#acquire(deployment, claim, hasFallback, lastFailure) ??
        (await this.#queue(deployment, claim, lastFailure))
      try {
        return await this.#attempt(deployment, permit)
      } catch (error) {
        const failure = error as DuoModelError
        failed.add(permit.replica)
        if (!this.#goesOn(failure, attempt, deployment, failed, hasFallback)) throw failure
        await this.#pause(failure, attempt, deployment.hasOtherReplica(failed))
        lastFailure = failure
      }
    }
  }

  /** Where that fails, the attempt says so. */
  async #loadAdapter(deployment: Deployment): Promise<void> {
    try {
      await this.#call.wait(deployment.adapter())
    } catch {
      // The attempt tries again.
    }
  }

  #claim({ readyAdapter }: Deployment, failed: ReadonlySet<Replica>): Claim {
    const { priority, deadlineAt } = this.#call
    const mayBeEither = this.#wanted !== 'either' || readyAdapter?.wholeAnswersMayStream === true
    const wanted = mayBeEither ? this.#wanted : 'whole'
    return { request: this.#request, wanted, priority, deadlineAt, failed }
  }

  /** The right to send, where there is no wait: without a promise, because hardly any request has to wait. */
  #acquire(
    deployment: Deployment,
    claim: Claim,
    hasFallback: boolean,
    lastFailure: DuoModelError | undefined,
  ): Permit | undefined {
    try {
      return deployment.dispatcher.acquire(claim, hasFallback)
    } catch (error) {
      // What the call's own attempt failed with says more than that others failed as well.
      throw lastFailure ?? this.#describe(error, deployment)
    }
  }

  async #queue(deployment: Deployment, claim: Claim, lastFailure: DuoModelError | undefined): Promise<Permit> {
    const waitsSince = this.#call.elapsedMs()
    try {
      return await this.#waitForTurn(deployment, claim)
    } catch (error) {
      if (this.#call.failure !== undefined) throw this.#describe(error, deployment)
      throw lastFailure ?? this.#describe(error, deployment)
    } finally {
      this.#call.queuedMs += this.#call.elapsedMs() - waitsSince
    }
  }

  /** A call that ends at the very moment its turn comes gets its permit, and gives it back when it would be used. */
  #waitForTurn({ dispatcher }: Deployment, claim: Claim): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const place = dispatcher.waitForTurn(claim, resolve, reject)
      this.#call.onFailure((failure) => {
        place.leave()
        reject(failure)
      })
    })
  }

  #goesOn(
    failure: DuoModelError,
    attempt: number,
    deployment: Deployment,
    failed: ReadonlySet<Replica>,
    hasFallback: boolean,
  ): boolean {
    if (this.#call.failure !== undefined) return false
    const isPauseNeeded = !deployment.hasOtherReplica(failed)
    if (isPauseNeeded && (hasFallback || !deployment.isAvailable)) return false
    return this.#policy.mayRetry(failure, attempt, deployment.retryBudget)
  }

  async #attempt(deployment: Deployment, permit: Permit): Promise<Sent<Result>> {
    try {
      if (this.#call.failure !== undefined) throw this.#call.failure
      const { adapter, connection } =
        readyLink(deployment, permit.replica) ?? (await this.#call.wait(connect(deployment, permit.replica)))
      const prepared = prepareRequest(this.#request, {
        model: deployment.model,
        modelFamily: deployment.modelFamily,
        supportsRawPrompts: adapter.supportsRawPrompts === true,
      })
      this.#attempts += 1
      this.#events?.attempt(deployment, permit.replica)
      const isCollected = this.#wanted === 'either' && permit.kind === 'stream'
      const call = this.#call.startAttempt(permit, isCollected)
      const result = await this.#run({ deployment, connection, prepared, call, permit })
      permit.answer()
      return { result, deployment, prepared, attempts: this.#attempts, permit }
    } catch (error) {
      const failure = this.#describe(error, deployment)
      permit.release(failure)
      this.#call.abandonAttempt()
      throw failure
    }
  }

  /** Another replica that has not failed yet is asked at once; the same one is left alone for a while. */
  async #pause(failure: DuoModelError, attempt: number, hasOtherReplica: boolean): Promise<void> {
    this.#call.watchdog.stopWaiting(false)
    if (hasOtherReplica && failure.retryAfterMs === undefined) {
      this.#events?.retry(failure, 0)
      return
    }
    const throttled = failure.code === 'rate-limit' || failure.code === 'overloaded'
    const delayMs = backoffMs(attempt, { throttled, retryAfterMs: failure.retryAfterMs }, Math.random)
    this.#events?.retry(failure, delayMs)
    await this.#call.sleep(delayMs)
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
