import type { DuoModelError, Usage } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'
import { RateWindow } from './rate-window.js'
import { TokenEstimate } from './token-estimate.js'

/** What a key, a quota or a gateway allows. What is left out is not limited. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
}

/** What a request was given of the limits. */
export interface Reservation {
  readonly request: ModelRequest
  readonly tokens: number
  readonly at: number
}

/** Servers judge a rate within one to ten seconds: what is spread over each second is refused by none. */
const requestBurstMs = 1_000
const tokenBurstMs = 1_000
/** How many standard deviations of what is not known yet stay free: lengths of answers have long tails. */
const cushionDeviations = 8
const learningRate = 0.01

/** Keeps requests and tokens per minute under their limits: reserved before a request is sent, corrected after. */
export class RateLimiter {
  readonly #requests: RateWindow | undefined
  readonly #tokens: RateWindow | undefined
  readonly #estimate = new TokenEstimate()
  #unsettled = 0
  /** Means over requests that are over: of the error's square, of duration, and of their product with the error. */
  #squaredError = 0
  #durationMs = 0
  #errorTimesDuration = 0

  constructor({ requestsPerMinute, tokensPerMinute }: RateLimits) {
    this.#requests = requestsPerMinute === undefined ? undefined : new RateWindow(requestsPerMinute, requestBurstMs)
    this.#tokens = tokensPerMinute === undefined ? undefined : new RateWindow(tokensPerMinute, tokenBurstMs)
  }

  /** Tokens the request is taken to need; 0 where they are not limited. */
  estimate(request: ModelRequest): number {
    return this.#tokens === undefined ? 0 : Math.min(this.#estimate.of(request), this.#tokens.limit)
  }

  /** The earliest time at which a request of so many tokens may be sent; `now` where it may. */
  readyAt(tokens: number, now: number): number {
    const cushion = this.#cushion()
    return Math.max(this.#requests?.readyAt(1, now) ?? now, this.#tokens?.readyAt(tokens, now, cushion) ?? now)
  }

  /** Takes what a request needs. */
  reserve(request: ModelRequest, tokens: number, now: number): Reservation {
    this.#requests?.use(1, now)
    this.#tokens?.use(tokens, now)
    this.#unsettled += 1
    return { request, tokens, at: now }
  }

  /** The request is over: what it did not need is free again, what it needed more is taken. */
  settle({ request, tokens, at }: Reservation, failure: DuoModelError | undefined, usage: Usage, now: number): void {
    this.#unsettled -= 1
    if (this.#tokens === undefined) return
    const used = usedTokens(tokens, failure, usage)
    this.#tokens.correct(at, used - tokens, now)
    if (failure !== undefined) return
    this.#learnError(used - tokens, now - at)
    this.#estimate.learn(request, usage)
  }

  /**
   * What requests under way may need beyond their estimates. Long answers are under way longer than short ones, so those
   * under way are longer than those that are over: by the mean of error times duration over the mean duration.
   */
  #cushion(): number {
    if (this.#unsettled === 0 || this.#tokens === undefined) return 0
    const expected = this.#durationMs > 0 ? Math.max(0, this.#errorTimesDuration / this.#durationMs) : 0
    const cushion = this.#unsettled * expected + cushionDeviations * Math.sqrt(this.#squaredError * this.#unsettled)
    return Math.min(cushion, this.#tokens.limit / 5)
  }

  #learnError(error: number, durationMs: number): void {
    this.#squaredError += learningRate * (error ** 2 - this.#squaredError)
    this.#durationMs += learningRate * (durationMs - this.#durationMs)
    this.#errorTimesDuration += learningRate * (error * durationMs - this.#errorTimesDuration)
  }
}

/** Failures whose tokens may have been used all the same. */
const mayHaveUsed: ReadonlySet<string> = new Set(['aborted', 'timeout', 'stream-interrupted', 'content-filter'])

function usedTokens(reserved: number, failure: DuoModelError | undefined, usage: Usage): number {
  const { inputTokens, outputTokens } = usage
  if (inputTokens !== undefined || outputTokens !== undefined) return (inputTokens ?? 0) + (outputTokens ?? 0)
  return failure === undefined || mayHaveUsed.has(failure.code) ? reserved : 0
}
