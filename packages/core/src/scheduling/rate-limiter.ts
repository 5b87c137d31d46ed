import type { DuoModelError, ServerReport, Usage } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'
import type { DeploymentRateLimit } from '../stats/client-stats.js'
import { RateLimit } from './rate-limit.js'
import { TokenEstimate } from './token-estimate.js'

/** What a key, a quota or a gateway allows. What is left out is not limited until the server says otherwise. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
  /** Whether what the server reports does not count. */
  readonly ignoreReported?: boolean | undefined
}

/** What a request was given of the limits. */
export interface Reservation {
  readonly request: ModelRequest
  readonly tokens: number
  /** Whether no more can be needed. */
  readonly isLongest: boolean
  readonly at: number
}

/** The request whose answer brought a report of limits. */
export interface LimitSight {
  readonly request: ModelRequest
  readonly sentAt: number
  /** Requests that are under way, itself included. */
  readonly underWay: number
  readonly now: number
}

/** Servers judge a rate within one to ten seconds: what is spread over each second is refused by none. */
const requestPace = { burstMs: 1_000, isSpread: true }
const tokenPace = { burstMs: 1_000 }
/** How many standard deviations of what is not known yet stay free: lengths of answers have long tails. */
const cushionDeviations = 8
const learningRate = 0.01

/**
 * Keeps requests and tokens per minute under their limits: reserved before a request is sent, corrected after. Limits are
 * configured, reported by the server, or both; then the lower one holds.
 */
export class RateLimiter {
  readonly #requests: RateLimit
  readonly #tokens: RateLimit
  readonly #estimate = new TokenEstimate()
  readonly #ignoresReported: boolean
  #isLimited: boolean
  #unsettled = 0
  /** Means over requests that are over: of the error's square, of duration, and of their product with the error. */
  #squaredError = 0
  #durationMs = 0
  #errorTimesDuration = 0

  constructor({ requestsPerMinute, tokensPerMinute, ignoreReported = false }: RateLimits = {}) {
    this.#ignoresReported = ignoreReported
    this.#requests = new RateLimit(requestPace, requestsPerMinute)
    this.#tokens = new RateLimit(tokenPace, tokensPerMinute)
    this.#isLimited = this.#requests.isKnown || this.#tokens.isKnown
  }

  /** Whether anything is limited, as far as is known. Where not, nothing has to be reserved. */
  get isLimited(): boolean {
    return this.#isLimited
  }

  /** Whether the server says what is left. */
  get isReported(): boolean {
    return this.#requests.isReported || this.#tokens.isReported
  }

  /** Tokens the request is taken to need; 0 where they are not limited. */
  estimate(request: ModelRequest): number {
    if (!this.#tokens.isKnown) return 0
    const tokens = this.#countsLongest(request) ? this.#estimate.longest(request) : this.#estimate.of(request)
    return Math.min(tokens, this.#tokens.perMinute)
  }

  /** The earliest time at which a request of so many tokens may be sent; `now` where it may. */
  readyAt(tokens: number, now: number): number {
    return Math.max(this.#requests.readyAt(1, now), this.#tokens.readyAt(tokens, now, this.#cushion()))
  }

  /** Takes what a request needs. */
  reserve(request: ModelRequest, tokens: number, now: number): Reservation {
    this.#requests.use(1, now)
    this.#tokens.use(tokens, now)
    this.#unsettled += 1
    return { request, tokens, isLongest: this.#countsLongest(request), at: now }
  }

  /** The request is over: what it did not need is free again, what it needed more is taken. */
  settle(reservation: Reservation, failure: DuoModelError | undefined, usage: Usage, now: number): void {
    this.#unsettled -= 1
    if (!this.#tokens.isKnown) return
    const { request, tokens, isLongest, at } = reservation
    if (failure?.code === 'rate-limit') {
      this.#tokens.takeBack(at, tokens, now)
      return
    }
    const keepsLongest = isLongest && failure === undefined && this.#tokens.countsLongest
    const difference = (keepsLongest ? longestUse(request, usage) : usedTokens(tokens, failure, usage)) - tokens
    this.#tokens.correct(at, difference, now)
    if (failure !== undefined) return
    if (keepsLongest || !isLongest) this.#learnError(difference, now - at)
    this.#estimate.learn(request, usage)
  }

  /** The server said what it allows and what is left of it. */
  learn({ requests, tokens }: NonNullable<ServerReport['rateLimit']>, sight: LimitSight): void {
    if (this.#ignoresReported) return
    const { request, sentAt, underWay, now } = sight
    if (requests !== undefined) this.#requests.learn(requests, { sentAt, now, uncounted: underWay })
    if (tokens !== undefined) {
      const uncounted = this.#tokens.isKnown ? 0 : underWay * this.#estimate.of(request)
      this.#tokens.learn(tokens, { sentAt, now, uncounted, cushion: this.#cushion() })
    }
    this.#isLimited = this.#requests.isKnown || this.#tokens.isKnown
  }

  /** What is known; `undefined` where nothing is limited. */
  describe(now: number): DeploymentRateLimit | undefined {
    const requests = this.#requests.describe(now)
    const tokens = this.#tokens.describe(now)
    if (requests === undefined && tokens === undefined) return undefined
    return { ...(requests && { requests }), ...(tokens && { tokens }) }
  }

  /** Servers that report what is left of a limit count a request's longest answer in advance, as a rule. */
  #countsLongest({ maxOutputTokens }: ModelRequest): boolean {
    return maxOutputTokens !== undefined && this.#tokens.countsLongest
  }

  /**
   * What requests under way may need beyond their estimates. Long answers are under way longer than short ones, so those
   * under way are longer than those that are over: by the mean of error times duration over the mean duration.
   */
  #cushion(): number {
    if (this.#unsettled === 0 || !this.#tokens.isKnown) return 0
    const expected = this.#durationMs > 0 ? Math.max(0, this.#errorTimesDuration / this.#durationMs) : 0
    const cushion = this.#unsettled * expected + cushionDeviations * Math.sqrt(this.#squaredError * this.#unsettled)
    return Math.min(cushion, this.#tokens.perMinute / 5)
  }

  #learnError(error: number, durationMs: number): void {
    this.#squaredError += learningRate * (error ** 2 - this.#squaredError)
    this.#durationMs += learningRate * (durationMs - this.#durationMs)
    this.#errorTimesDuration += learningRate * (error * durationMs - this.#errorTimesDuration)
  }
}

/** What a server counts that counts in advance. */
function longestUse({ maxOutputTokens = 0 }: ModelRequest, { inputTokens = 0, outputTokens = 0 }: Usage): number {
  return inputTokens + Math.max(maxOutputTokens, outputTokens)
}

/** Failures whose tokens may have been used all the same. */
const mayHaveUsed: ReadonlySet<string> = new Set(['aborted', 'timeout', 'stream-interrupted', 'content-filter'])

function usedTokens(reserved: number, failure: DuoModelError | undefined, usage: Usage): number {
  const { inputTokens, outputTokens } = usage
  if (inputTokens !== undefined || outputTokens !== undefined) return (inputTokens ?? 0) + (outputTokens ?? 0)
  return failure === undefined || mayHaveUsed.has(failure.code) ? reserved : 0
}
