import type { DuoModelError } from './errors/duo-model-error.js'

/** How an endpoint is asked what it is. */
export interface EndpointProbeOptions {
  /** Gives up; the probe then fails with `aborted`. */
  readonly signal: AbortSignal
  /** Most time for each question. */
  readonly timeoutMs: number
}

/** What an endpoint says about itself, in the same words for every platform. What it does not say is absent. */
export interface EndpointReport {
  /** Whether anything answered. */
  readonly isReachable: boolean
  /** Whether the credentials were accepted. */
  readonly isAuthorised?: boolean
  /** Whether the server says that it is able to work. */
  readonly isHealthy?: boolean
  /** The server's version. */
  readonly version?: string
  /** The names it answers to. */
  readonly models?: readonly string[]
  /** Whether the deployment's served model name is one of them. */
  readonly isModelServed?: boolean
  /** Most tokens of prompt and output together. */
  readonly maxModelLength?: number
  /** One error per question that was not answered. */
  readonly problems: readonly DuoModelError[]
}
