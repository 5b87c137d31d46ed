import type { ModelAdapter, TlsSettings } from '@duo-models/adapters'
import type { ClientHooks } from './events/client-events.js'
import type { Logger } from './events/logger.js'
import type { Routing } from './routing/create-routing.js'

/** How `createDuoModelClient` behaves. Everything has a default that suits production. */
export interface ClientOptions<CustomPlatform extends string = string> {
  /**
   * What happens with a configuration or a request the rules have an error for:
   * `enforce` throws a `CompatibilityError` with the report before anything is sent; `warn` sends and puts the findings
   * into `ModelResponse.warnings`; `off` sends.
   * @default 'enforce'
   */
  readonly compatibility?: 'enforce' | 'warn' | 'off' | undefined
  /** Limits of time, each on its own. */
  readonly timeouts?: TimeoutOptions | undefined
  /** When a failed request is sent again. */
  readonly retry?: RetryOptions | undefined
  /**
   * How many requests may be under way at one replica: `adaptive` finds by itself how many its server runs best, from
   * how long first tokens take, from refusals and from what the server says about its load; or a number. The others wait
   * on this side, where an urgent one can still overtake them.
   * @default 'adaptive'
   */
  readonly concurrency?: 'adaptive' | number | undefined
  /**
   * How the replicas of a deployment share its requests: `prefix-affinity` sends those with the same start (a
   * repository, a conversation) to the replica that has computed it before, as long as that one has no more than its
   * share of the work; `least-loaded` to the one with the fewest under way; `round-robin` to each in turn.
   * @default 'prefix-affinity'
   */
  readonly routing?: Routing | undefined
  /**
   * When raw prompts (code completion) that are streamed from one vLLM server at the same time go as one request; each has
   * its own answer, limits of time and failure. Whole answers, and prompts without a `maxOutputTokens` of at most 256, go
   * alone. `false` sends each by itself.
   * @default false
   */
  readonly microBatch?: MicroBatchOptions | false | undefined
  /**
   * Requests and tokens per minute that a deployment may use, by its name in the configuration. What does not fit waits
   * its turn on this side; other deployments go on. A pause a server asks for (`Retry-After`) is kept without this.
   * @default no limits
   */
  readonly rateLimits?: Readonly<Record<string, RateLimitOptions>> | undefined
  /**
   * Most requests of a deployment that wait on this side; one more fails with `queue-full`.
   * @default 10_000
   */
  readonly maxQueued?: number | undefined
  /** When a replica that fails is left alone. */
  readonly circuit?: CircuitOptions | undefined
  /**
   * How servers are asked whether they are able to work (`/health` of vLLM), while the client is used. `false` leaves it
   * to requests to find out.
   */
  readonly healthChecks?: HealthCheckOptions | false | undefined
  /**
   * More platforms: values that keep the `ModelAdapter` contract. One with a documented `platform` replaces ours.
   * @default []
   */
  readonly adapters?: readonly (ModelAdapter & { readonly platform: CustomPlatform })[] | undefined
  /**
   * Most connections to one endpoint, and so the most `concurrency` can come to.
   * @default 1_024, the highest `--max-num-seqs` that vLLM sets by itself
   */
  readonly maxConnections?: number | undefined
  /**
   * Private certificate authorities, a client certificate, the name to expect.
   * @default Node's own authorities
   */
  readonly tls?: TlsSettings | undefined
  /**
   * URL of a proxy (`http://user:password@proxy:3128`), or `environment` for the one that `HTTPS_PROXY`, `HTTP_PROXY`
   * and `NO_PROXY` name.
   * @default none, whatever the environment says
   */
  readonly proxy?: string | undefined
  /**
   * Whether identical deterministic requests (`temperature` 0, or a `seed`) that are under way at the same time share one
   * answer: whole answers one, streams another. Each caller of a stream gets all its events, at its own pace and with
   * its own times; they are frozen. The tokens are paid once, and each caller's `usage` says all of them.
   * @default false
   */
  readonly coalesce?: boolean | undefined
  /**
   * Functions that are told of every call, attempt, retry, fallback, replica that is left alone and limit that is found.
   * @default none
   */
  readonly hooks?: ClientHooks | undefined
  /**
   * Where the same is logged: `console`, or anything with its `debug`, `info`, `warn` and `error`.
   * @default none: nothing is logged
   */
  readonly logger?: Logger | undefined
}

/**
 * Raw prompts are gathered only while others are under way on the same server: one that finds it idle is sent at once.
 */
export interface MicroBatchOptions {
  /** Most prompts in one request. @default 16 */
  readonly maxSize?: number | undefined
  /** Longest time a prompt waits for others, at most 1,000; a timer makes at least 1 of it. @default 1 */
  readonly maxWaitMs?: number | undefined
}

/** Limits of time in milliseconds. `Infinity` turns one off. */
export interface TimeoutOptions {
  /** To open a connection, TLS included. @default 5_000 */
  readonly connectMs?: number | undefined
  /** From sending a streamed request to its first text, reasoning or tool call; the server's queue counts. @default 120_000 */
  readonly firstTokenMs?: number | undefined
  /** From one delta to the next. Only content counts: a server's keep-alive comments do not. @default 30_000 */
  readonly interTokenMs?: number | undefined
  /** The whole call, retries and fallbacks included. @default 600_000 */
  readonly totalMs?: number | undefined
}

/** A request is sent again only while nothing has reached the caller. */
export interface RetryOptions {
  /** Most attempts on one deployment, the first one included. @default 3 */
  readonly maxAttempts?: number | undefined
  /** Retries allowed per request over time, so that an outage is not multiplied. @default 0.1 */
  readonly budgetRatio?: number | undefined
  /** A server that asks for a longer pause than this is not waited for: the error reaches the caller. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined
}

/**
 * A replica that fails several times in a row gets no more requests for a while; then one request finds out whether it
 * is back. While every replica of a deployment is left alone, its requests fail at once with the last failure as cause.
 */
export interface CircuitOptions {
  /**
   * Failures in a row (connection, time-out, 5xx, broken stream) after which a replica is left alone. `Infinity` turns
   * this off.
   * @default 5
   */
  readonly failureThreshold?: number | undefined
  /** How long at first; doubled whenever it fails again. @default 1_000 */
  readonly ejectionMs?: number | undefined
  /** How long at most. @default 30_000 */
  readonly maxEjectionMs?: number | undefined
}

/**
 * Servers are asked without a token being generated: one that was left alone, before it gets requests again; one without
 * traffic, from time to time. A failed check counts like a failed request, unless requests are answered meanwhile. A client
 * that was not used for six intervals asks nothing, and nothing here keeps the process alive.
 */
export interface HealthCheckOptions {
  /** From one question to the next, up to a quarter less. @default 10_000 */
  readonly intervalMs?: number | undefined
  /** Most time for an answer. @default 2_000 */
  readonly timeoutMs?: number | undefined
}

/** What a key, a quota or a gateway allows a deployment: the most, where its server reports limits in headers as well. */
export interface RateLimitOptions {
  /** Requests in any minute, sent at an even pace. @default what the server reports, else no limit */
  readonly requestsPerMinute?: number | undefined
  /**
   * Input and output tokens in any minute. They are estimated before a request is sent, from its length and from earlier
   * answers, and corrected by what the server counted.
   * @default what the server reports, else no limit
   */
  readonly tokensPerMinute?: number | undefined
  /** Goes by these limits alone, whatever the server reports: for gateways that report wrong numbers. @default false */
  readonly ignoreReported?: boolean | undefined
  /** Deployments with the same group share one limit, as those behind one key or quota do. @default its own */
  readonly group?: string | undefined
}
