import type { ServerReport } from '@duo-models/adapters'
import type { Replica } from '../routing/replica.js'
import type { ReplicaSet } from '../routing/replica-set.js'
import type { RoutingStrategy } from '../routing/routing-strategy.js'
import type { DeploymentRateLimit } from '../stats/client-stats.js'
import { LatencyHistogram } from '../stats/latency-histogram.js'
import { circuitOpenError } from './circuit-open-error.js'
import type { Claim } from './claim.js'
import type { Clock } from './clock.js'
import { deadlineError } from './deadline-error.js'
import { limitReachedError } from './limit-reached-error.js'
import { pausedError } from './paused-error.js'
import { Permit, type PermitOwner } from './permit.js'
import type { Priority } from './priority.js'
import type { RateLimiter, Reservation } from './rate-limiter.js'
import { type PlaceInQueue, RequestQueue } from './request-queue.js'

/** What a dispatcher works with. */
export interface DispatcherOptions {
  /** Whose requests they are, as errors say it. */
  readonly deployment: string
  readonly replicaSet: ReplicaSet
  readonly routing: RoutingStrategy<Replica>
  /** Shared by the deployments of a group. */
  readonly limiter?: RateLimiter | undefined
  /** Most requests that wait for their turn. */
  readonly maxQueued: number
  /** Who asks to wait for longer is not waited for. */
  readonly maxRetryAfterMs: number
  readonly clock: Clock
}

/** Where another deployment would serve a request, a server's own limit is waited for no longer. */
const maxWaitBesideFallbackMs = 1_000

/**
 * Decides when a request of a deployment is sent, and to which replica: one that is not left alone, was not asked to pause
 * and has room, once the rate limit allows it and nobody more urgent waits.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** How long requests waited for their turn, retries included; 0 for those that were sent at once. */
  readonly queueTime = new LatencyHistogram()
  readonly #queue: RequestQueue<Claim, Permit>
  readonly #permitOwner: PermitOwner

  constructor(options: DispatcherOptions) {
    const { clock, limiter, deployment: owner, maxQueued: maxLength } = options
    this.#options = options
    this.#queue = new RequestQueue({ clock, maxLength, owner, tryStart: this.#startWaiting })
    this.#permitOwner = {
      now: clock.now,
      onReport: (permit, report) => this.#learn(permit, report),
      onRelease: ({ reservation }, failure, usage) => {
        if (reservation !== undefined) limiter?.settle(reservation, failure, usage, clock.now())
      },
      onRoom: (now) => this.advance(now),
    }
  }

  /** Requests that wait for their turn. */
  get queued(): number {
    return this.#queue.length
  }

  /** The same, of one priority. */
  queuedOf(priority: Priority): number {
    return this.#queue.lengthOf(priority)
  }

  /** Requests that may be under way at all replicas together. */
  get capacity(): number {
    return this.#replicas.reduce((sum, { limit }) => sum + limit.value, 0)
  }

  /** The rate limits that are known; `undefined` where there are none. */
  get rateLimit(): DeploymentRateLimit | undefined {
    return this.#options.limiter?.describe(this.#options.clock.now())
  }

  /** Something has changed: those that wait may go on. */
  advance(now?: number): void {
    if (this.#queue.length > 0) this.#queue.advance(now)
  }

  /**
   * The right to send one request to the replica that suits it best; `undefined` where it has to wait.
   * @param hasFallback whether another deployment would serve it: then a server that asked to wait is not waited for
   * @throws DuoModelError at once where every replica has failed lately, or asked to wait too long, or where the answer
   * would come too late; nothing is sent
   */
  acquire(claim: Claim, hasFallback: boolean): Permit | undefined {
    const { clock, maxRetryAfterMs } = this.#options
    if (hasFallback) this.#refuseLongWait(claim)
    if (this.#hasOthersBefore(claim) && (!hasFallback || this.#available(claim.failed, clock.now()).length > 0))
      return undefined
    const started = this.#tryStart(claim, hasFallback ? 0 : maxRetryAfterMs, clock.now())
    if (typeof started === 'number') return undefined
    this.queueTime.add(0)
    return started
  }

  /**
   * Waits for that behind those that wait already.
   * @param start gets the right; what is not used has to be released
   * @param fail told of what {@link acquire} throws
   * @throws QueueFullError where too many wait
   */
  waitForTurn(claim: Claim, start: (permit: Permit) => void, fail: (error: unknown) => void): PlaceInQueue {
    return this.#queue.join(claim.priority, claim, start, fail)
  }

  get #replicas(): readonly Replica[] {
    return this.#options.replicaSet.members
  }

  #hasOthersBefore({ priority }: Claim): boolean {
    return this.#queue.lengthOf('interactive') > 0 || (priority === 'background' && this.#queue.length > 0)
  }

  readonly #startWaiting = (claim: Claim, since: number, now: number): Permit | number => {
    const started = this.#tryStart(claim, this.#options.maxRetryAfterMs, now)
    if (typeof started !== 'number') this.queueTime.add(started.startedAt - since)
    return started
  }

  /** A permit, or the time to ask again: `Infinity` for when something has changed. */
  #tryStart(claim: Claim, maxPauseMs: number, now: number): Permit | number {
    const { limiter, routing } = this.#options
    const available = this.#available(claim.failed, now)
    if (available.length === 0) return this.#pauseEnd(now, maxPauseMs)
    this.#checkDeadline(claim, available, now)
    const candidates = withRoom(available, claim.priority, now)
    const [only] = candidates
    if (only === undefined) return this.#nextAvailableAt(now)
    const reservation = limiter?.isLimited === true ? tryReserve(limiter, claim, now) : undefined
    if (typeof reservation === 'number') return reservation
    const replica = candidates.length === 1 ? only : routing.pick(candidates, claim.request, now)
    return new Permit(replica, claim, this.#permitOwner, reservation, now)
  }

  /** Those that are up; of them, those that are new to the call and not still coming back. */
  #available(failed: ReadonlySet<Replica>, now: number): readonly Replica[] {
    const replicas = this.#replicas
    const [first] = replicas
    if (replicas.length === 1 && first?.isAvailable(now)) return replicas
    if (failed.size === 0 && areUntroubled(replicas, now)) return replicas
    const available = replicas.filter((replica) => replica.isAvailable(now))
    if (available.length < 2) return available
    // One that is due for its probe is found out about now: its errors would keep it last in every choice.
    const due = failed.size === 0 ? available.find(({ circuit }) => circuit.state === 'open') : undefined
    if (due !== undefined) return [due]
    const fresh = failed.size === 0 ? available : preferred(available, (replica) => !failed.has(replica))
    // One that fails at once always has room: what waits for a place elsewhere must not all go there.
    const sound = preferred(fresh, (replica) => replica.isSound(now))
    return preferred(sound, ({ circuit, inFlight }) => circuit.hasRoom(inFlight))
  }

  /** When a replica that was asked to pause may be asked again. */
  #pauseEnd(now: number, maxPauseMs: number): number {
    const { deployment } = this.#options
    const paused = this.#replicas.filter(({ circuit }) => circuit.isAvailable(now))
    if (paused.length === 0) throw circuitOpenError(deployment, this.#replicas, now)
    const end = Math.min(...paused.map(({ pausedUntil }) => pausedUntil))
    if (end - now > maxPauseMs) throw pausedError(deployment, end - now)
    return end
  }

  /** When a replica that cannot be asked now may be asked again, while those that can have no room. */
  #nextAvailableAt(now: number): number {
    let next = Number.POSITIVE_INFINITY
    if (this.#replicas.length === 1) return next
    for (const replica of this.#replicas) {
      const at = replica.availableAt(now)
      if (at > now) next = Math.min(next, at)
    }
    return next
  }

  /** @throws TimeoutError where even a quick answer would come too late: nobody would read it */
  #checkDeadline({ deadlineAt }: Claim, available: readonly Replica[], now: number): void {
    if (deadlineAt === Number.POSITIVE_INFINITY) return
    let quickMs = Number.POSITIVE_INFINITY
    for (const { serviceTime } of available) quickMs = Math.min(quickMs, serviceTime.quickMs)
    if (now + quickMs > deadlineAt) throw deadlineError(this.#options.deployment, deadlineAt - now, quickMs)
  }

  /** A limit that others have used up may be full for a minute. */
  #refuseLongWait({ request }: Claim): void {
    const { limiter, clock, deployment } = this.#options
    if (limiter?.isReported !== true) return
    const now = clock.now()
    const waitMs = limiter.readyAt(limiter.estimate(request), now) - now
    if (waitMs > maxWaitBesideFallbackMs) throw limitReachedError(deployment, waitMs)
  }

  #learn({ claim, startedAt: sentAt }: Permit, { rateLimit }: ServerReport): void {
    const { limiter, clock } = this.#options
    if (limiter === undefined || rateLimit === undefined) return
    const underWay = this.#replicas.reduce((sum, { inFlight }) => sum + inFlight, 0)
    limiter.learn(rateLimit, { request: claim.request, sentAt, underWay, now: clock.now() })
    this.advance()
  }
}

/** A reservation, or the time to ask again. */
function tryReserve(limiter: RateLimiter, { request }: Claim, now: number): Reservation | number {
  const tokens = limiter.estimate(request)
  const readyAt = limiter.readyAt(tokens, now)
  return readyAt > now ? readyAt : limiter.reserve(request, tokens, now)
}

function preferred(replicas: readonly Replica[], isPreferred: (replica: Replica) => boolean): readonly Replica[] {
  const chosen = replicas.filter(isPreferred)
  return chosen.length > 0 ? chosen : replicas
}

const none: readonly Replica[] = []

/** Without a list where nobody has room: all but one of those that are asked find that. */
function withRoom(replicas: readonly Replica[], priority: Priority, now: number): readonly Replica[] {
  let found: Replica[] | undefined
  for (const replica of replicas) {
    if (!replica.hasRoom(priority, now)) continue
    if (found === undefined) found = [replica]
    else found.push(replica)
  }
  return found ?? none
}

/** Whether there is nothing to prefer one for: the usual case, found out without a list. */
function areUntroubled(replicas: readonly Replica[], now: number): boolean {
  for (const replica of replicas) if (!replica.isUntroubled(now)) return false
  return true
}
