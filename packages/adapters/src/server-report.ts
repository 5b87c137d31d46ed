/** What a server says about itself in the head of an answer. What it does not say is left out. */
export interface ServerReport {
  /** What the key, the quota or the gateway allows, and what is left of it. */
  readonly rateLimit?: {
    readonly requests?: RateLimitReport
    /** Input and output tokens together. */
    readonly tokens?: RateLimitReport
  }
  /** How busy the server is. */
  readonly load?: ServerLoad
}

/** One limit as the server counts it, everybody who shares it included. */
export interface RateLimitReport {
  /** Allowed per minute; more than 0. */
  readonly limit?: number
  /** Left of it; at least 0. */
  readonly remaining?: number
  /** Milliseconds until all of it is back; more than 0. */
  readonly resetMs?: number
}

/** The load of one server. */
export interface ServerLoad {
  /** Requests that wait in the server's queue. */
  readonly waitingRequests?: number
  /** The part of its KV cache that is taken, from 0 to 1. */
  readonly kvCacheUsage?: number
}
