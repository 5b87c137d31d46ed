import type { ErrorPhase } from './error-phase.js'
import type { PartialResponse } from './partial-response.js'

/** What every error is made from. All but the message may be left out. */
export interface DuoModelErrorOptions {
  /**
   * What was tried, what came back and what to do. Control characters are escaped, and what looks like a credential is
   * masked; secrets that only the caller knows must be masked before.
   */
  readonly message: string
  /** Default: the phase errors of this class usually have. */
  readonly phase?: ErrorPhase | undefined
  /** Default: whether errors of this class are usually worth another attempt. */
  readonly retryable?: boolean | undefined
  /** The HTTP status the server answered with. */
  readonly status?: number | undefined
  /** The id the server, or else this side, gave the request. */
  readonly requestId?: string | undefined
  /** How long the server asked to wait, in milliseconds. Never undercut it. */
  readonly retryAfterMs?: number | undefined
  /** What had arrived before the failure. */
  readonly partial?: PartialResponse | undefined
  /** The deployment's name in the configuration. */
  readonly deployment?: string | undefined
  /** The deployment's platform. */
  readonly platform?: string | undefined
  /** The error underneath; a copy without credentials is kept. */
  readonly cause?: unknown
}
