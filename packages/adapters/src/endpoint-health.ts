/** How an endpoint is asked whether it is able to work. */
export interface EndpointHealthOptions {
  /** Gives up; the check then fails with `aborted`. */
  readonly signal: AbortSignal
  /** Most time to answer; the check then fails with `timeout`. */
  readonly timeoutMs: number
}

/** What a server says of itself. `unknown`: it is there and does not say, as a gateway that hides its health check. */
export type EndpointHealth = 'healthy' | 'unknown'
