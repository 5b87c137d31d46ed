import type { RateLimitReport, ServerReport } from '@duo-models/adapters'
import type { RateLimits } from '../scheduling/rate-limiter.js'
import type { RateLimitResult } from './simulate-rate-limit.js'
import type { VirtualClock } from './virtual-clock.js'

/** What became of a request, and what the server says of its limits. */
export type CountingOutcome = {
  readonly rateLimit: NonNullable<ServerReport['rateLimit']>
} & ({ readonly isRefused: true } | { readonly isRefused: false; readonly outputTokens: number })

interface Counted {
  readonly at: number
  readonly tokens: number
}

interface CountingServerOptions {
  readonly limits: RateLimits
  /** Most tokens of an answer; a server that counts in advance counts all of them. */
  readonly maxOutputTokens: number | undefined
  readonly countsInAdvance: boolean
  /** From then on the limits are this part of them. */
  readonly changeMs: number
  readonly laterShare: number
  readonly clock: VirtualClock
  readonly random: () => number
}

const minuteMs = 60_000
const unlimited = Number.POSITIVE_INFINITY
const outputMean = 300

/**
 * Counts what a request really needs, or what it may need, when it arrives; refuses what is over the limit of the last
 * minute.
 */
export class CountingServer {
  readonly #options: CountingServerOptions
  readonly #counted: Counted[] = []
  #first = 0
  #tokens = 0
  #refused = 0
  #overshoot = 0

  constructor(options: CountingServerOptions) {
    this.#options = options
  }

  /** Takes a request, or refuses it. */
  take(inputTokens: number): CountingOutcome {
    const now = this.#options.clock.now()
    this.#forget(now)
    const { maxOutputTokens = unlimited, countsInAdvance, random } = this.#options
    const tokensPerMinute = this.#limitAt('tokensPerMinute', now)
    // One refusal over the limit is one too many for what is known; real answers are only known when they were generated.
    const isFull = countsInAdvance
      ? this.#tokens + inputTokens + maxOutputTokens > tokensPerMinute
      : this.#tokens > tokensPerMinute * 1.02
    if (isFull || this.#count >= this.#limitAt('requestsPerMinute', now)) {
      this.#refused += 1
      return { isRefused: true, rateLimit: this.#report(now) }
    }
    const outputTokens = Math.min(maxOutputTokens, Math.ceil(outputMean * -Math.log(1 - random())))
    const tokens = inputTokens + (countsInAdvance ? maxOutputTokens : outputTokens)
    this.#counted.push({ at: now, tokens })
    this.#tokens += tokens
    if (this.#isSettled(now)) this.#overshoot = Math.max(this.#overshoot, this.#tokens / tokensPerMinute - 1)
    return { isRefused: false, outputTokens, rateLimit: this.#report(now) }
  }

  /** What it has counted from the second minute to `endMs`. */
  judge(endMs: number): RateLimitResult {
    const measured = this.#counted.filter(({ at }) => at >= minuteMs && at < endMs)
    const tokens = measured.reduce((sum, each) => sum + each.tokens, 0)
    return {
      tokenUse: tokens / this.#allowed('tokensPerMinute', endMs),
      requestUse: measured.length / this.#allowed('requestsPerMinute', endMs),
      overshoot: this.#overshoot,
      accepted: measured.length,
      refused: this.#refused,
    }
  }

  get #count(): number {
    return this.#counted.length - this.#first
  }

  #limitAt(which: 'requestsPerMinute' | 'tokensPerMinute', now: number): number {
    const { limits, changeMs, laterShare } = this.#options
    return (limits[which] ?? unlimited) * (now >= changeMs ? laterShare : 1)
  }

  /** Whether all of the last minute was under the present limits, and the clients have had a minute to learn. */
  #isSettled(now: number): boolean {
    const { changeMs, laterShare } = this.#options
    return now >= 2 * minuteMs && (laterShare === 1 || now < changeMs || now >= changeMs + minuteMs)
  }

  #allowed(which: 'requestsPerMinute' | 'tokensPerMinute', endMs: number): number {
    const { changeMs } = this.#options
    const [before, after] = [changeMs - minuteMs, endMs - changeMs]
    return (before * this.#limitAt(which, 0) + after * this.#limitAt(which, endMs)) / minuteMs
  }

  #report(now: number): NonNullable<ServerReport['rateLimit']> {
    const [requests, tokens] = [this.#limitAt('requestsPerMinute', now), this.#limitAt('tokensPerMinute', now)]
    const resetMs = Math.max(1, (this.#counted.at(-1)?.at ?? now) + minuteMs - now)
    return {
      ...(requests < unlimited && { requests: left(requests, this.#count, resetMs) }),
      ...(tokens < unlimited && { tokens: left(tokens, this.#tokens, resetMs) }),
    }
  }

  #forget(now: number): void {
    for (let next = this.#counted[this.#first]; next && next.at <= now - minuteMs; next = this.#counted[this.#first]) {
      this.#tokens -= next.tokens
      this.#first += 1
    }
  }
}

function left(limit: number, used: number, resetMs: number): RateLimitReport {
  return { limit, remaining: Math.max(0, limit - used), resetMs }
}
