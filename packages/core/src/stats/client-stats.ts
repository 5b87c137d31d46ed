import type { DuoModelErrorCode } from '@duo-models/adapters'
import type { HealthState } from '../health/replica-health.js'
import type { CircuitState } from '../scheduling/circuit.js'
import type { Priority } from '../scheduling/priority.js'
import type { LatencySummary } from './latency-summary.js'

/** What a client has done since it was made, and what it is doing: plain, frozen data, ready for JSON. */
export interface ClientStats {
  /** Since the client was made. */
  readonly uptimeMs: number
  /**
   * Calls under way: whole answers and streams, those that wait for a retry included. With `coalesce`, the callers of a
   * shared whole answer count as one, those of a shared stream each.
   */
  readonly runningCalls: number
  /** Batches under way; their requests are calls as well. */
  readonly runningBatches: number
  /** By name in the configuration. */
  readonly deployments: Readonly<Record<string, DeploymentStats>>
}

/** One deployment. */
export interface DeploymentStats {
  readonly platform: string
  /** The model as the configuration names it. */
  readonly model: string
  /** Retries that could be made now; see `retry.budgetRatio`. */
  readonly retryBudget: number
  /** Requests that wait for their turn: for room, for the rate limit, or for a server that asked to wait. */
  readonly queued: number
  /** The same by priority. */
  readonly queuedByPriority: Readonly<Record<Priority, number>>
  /** How long requests waited for their turn, retries included; 0 for those that were sent at once. */
  readonly schedulerQueueTimeMs: LatencySummary
  /** The rate limits that hold for it, configured or reported by its server; absent where it has none. */
  readonly rateLimit?: DeploymentRateLimit
  /** Replicas that left and still finish what is under way; they are not among {@link replicas}. */
  readonly draining: number
  /** In the order of the endpoints. */
  readonly replicas: readonly ReplicaStats[]
}

/** The limits of a deployment, shared within its group. */
export interface DeploymentRateLimit {
  readonly requests?: RateLimitStats
  /** Input and output tokens together. */
  readonly tokens?: RateLimitStats
}

/** One limit per minute. */
export interface RateLimitStats {
  /** The lower one of what is configured and what the server reports. */
  readonly perMinute: number
  /** Who said it. */
  readonly source: 'configured' | 'reported'
  /** Used by this client within the last minute; of tokens of answers under way, an estimate. */
  readonly used: number
  /** What others use of the same quota, as far as the server's reports show. */
  readonly usedByOthers: number
}

/** One endpoint of a deployment. */
export interface ReplicaStats {
  /** Where it is, without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
  /** `open` while it is left alone after failures, `half-open` while one request finds out. */
  readonly circuit: CircuitState
  /** What its server says of itself. */
  readonly health: ReplicaHealthStats
  /** Requests under way here. */
  readonly inFlight: number
  /** Those of them that are background work. */
  readonly backgroundInFlight: number
  /** How many requests may be under way here now; see `concurrency`. */
  readonly concurrencyLimit: number
  /** Requests sent here, retries included: `answers + failures + inFlight`. */
  readonly attempts: number
  /** Attempts that were answered to the end. */
  readonly answers: number
  /** Attempts that failed, those the caller gave up included. */
  readonly failures: number
  /** Failed attempts by code. */
  readonly errors: Readonly<Partial<Record<DuoModelErrorCode, number>>>
  /** As the server counted them; of an answer that broke off, what it had counted by then, or an estimate. */
  readonly tokens: TokenCounts
  /** From sending to the first content, over streamed answers. */
  readonly timeToFirstTokenMs: LatencySummary
  /** The mean time between two deltas of an answer, over streamed answers. */
  readonly interTokenLatencyMs: LatencySummary
  /** From sending to the end of the answer. */
  readonly endToEndLatencyMs: LatencySummary
}

/** The health of a replica, by its server's own word; see `healthChecks`. */
export interface ReplicaHealthStats {
  /** What it said last; `unknown` where it was not asked, or does not say. */
  readonly state: HealthState
  /** How long ago it was asked; absent where it never was. Replicas that answer requests are not asked. */
  readonly askedAgoMs?: number
}

/** Tokens of all answers together. */
export interface TokenCounts {
  /** Of prompts, cached ones included. */
  readonly input: number
  /** Generated, reasoning included. */
  readonly output: number
  /** Of prompts, read from the prefix cache; part of `input`. */
  readonly cacheRead: number
}
