/** How much of a deployment's allowance is left. */
export interface RateAllowance {
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until all of it is back. */
  readonly resetSeconds: number
}

/** What a deployment may take. `undefined` limits nothing. */
export interface RateLimits {
  readonly requestsPerMinute?: number | undefined
  readonly tokensPerMinute?: number | undefined
}

/** A request that was refused, and when it may come again. */
export interface RateRefusal {
  readonly exceeded: 'call' | 'token'
  readonly retryAfterMs: number
}

interface Entry {
  readonly atMs: number
  readonly tokens: number
}

/** Azure looks at requests over a shorter time than the minute its limits are named after. */
const requestWindowMs = 10_000
const tokenWindowMs = 60_000
/** What is said of a request that is larger than a whole minute's allowance: a day, as Azure does. */
const neverMs = 86_400_000

/** Counts a deployment's requests and tokens over sliding windows. */
export class RateLimiter {
  readonly #limits: RateLimits
  /** Of the last minute, oldest first. */
  readonly #entries: Entry[] = []

  constructor(limits: RateLimits) {
    this.#limits = limits
  }

  /** Takes a request of about so many tokens, or refuses it. Refused requests are not counted. */
  take(tokens: number, nowMs: number): RateRefusal | undefined {
    this.#forget(nowMs)
    const refusal = this.#refuseRequest(nowMs) ?? this.#refuseTokens(tokens, nowMs)
    if (refusal === undefined && this.#isLimited()) this.#entries.push({ atMs: nowMs, tokens })
    return refusal
  }

  /** What is left of requests and tokens; `undefined` for what is not limited. */
  allowances(nowMs: number): {
    readonly requests: RateAllowance | undefined
    readonly tokens: RateAllowance | undefined
  } {
    this.#forget(nowMs)
    const { requestsPerMinute, tokensPerMinute } = this.#limits
    const recent = this.#entries.filter(({ atMs }) => atMs > nowMs - requestWindowMs)
    const used = this.#entries.reduce((sum, { tokens }) => sum + tokens, 0)
    return {
      requests: allowance(requestsPerMinute, recent.length, recent.at(-1), requestWindowMs, nowMs),
      tokens: allowance(tokensPerMinute, used, this.#entries.at(-1), tokenWindowMs, nowMs),
    }
  }

  #isLimited(): boolean {
    return this.#limits.requestsPerMinute !== undefined || this.#limits.tokensPerMinute !== undefined
  }

  #forget(nowMs: number): void {
    const kept = this.#entries.findIndex(({ atMs }) => atMs > nowMs - tokenWindowMs)
    this.#entries.splice(0, kept < 0 ? this.#entries.length : kept)
  }

  #refuseRequest(nowMs: number): RateRefusal | undefined {
    const { requestsPerMinute } = this.#limits
    if (requestsPerMinute === undefined) return undefined
    const most = Math.max(1, Math.ceil((requestsPerMinute * requestWindowMs) / 60_000))
    const recent = this.#entries.filter(({ atMs }) => atMs > nowMs - requestWindowMs)
    const blocking = recent[recent.length - most]
    return blocking && { exceeded: 'call', retryAfterMs: blocking.atMs + requestWindowMs - nowMs }
  }

  #refuseTokens(tokens: number, nowMs: number): RateRefusal | undefined {
    const { tokensPerMinute = Number.POSITIVE_INFINITY } = this.#limits
    if (tokens > tokensPerMinute) return { exceeded: 'token', retryAfterMs: neverMs }
    let used = this.#entries.reduce((sum, entry) => sum + entry.tokens, 0)
    if (used + tokens <= tokensPerMinute) return undefined
    const blocking = this.#entries.find((entry) => {
      used -= entry.tokens
      return used + tokens <= tokensPerMinute
    })
    return { exceeded: 'token', retryAfterMs: (blocking?.atMs ?? nowMs) + tokenWindowMs - nowMs }
  }
}

function allowance(
  limit: number | undefined,
  used: number,
  last: Entry | undefined,
  windowMs: number,
  nowMs: number,
): RateAllowance | undefined {
  if (limit === undefined) return undefined
  const resetMs = last === undefined ? 0 : last.atMs + windowMs - nowMs
  return { limit, remaining: Math.max(0, limit - used), resetSeconds: Math.ceil(resetMs / 1000) }
}
