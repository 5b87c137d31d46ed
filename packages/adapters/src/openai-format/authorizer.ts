import type { AbortSource } from '../abort-source.js'
import type { Redact } from '../transport/redact.js'
import type { RequestContext } from '../transport/request-context.js'

/** How one request proves who sends it. */
export interface Authorization {
  /** The headers that do. */
  readonly headers: Readonly<Record<string, string>>
  /** Masks every secret the request carries. */
  readonly redact: Redact
  /** The server refused it. Returns whether the next request proves it in another way, so that it may succeed. */
  onRefused(): boolean
}

/** How requests prove who sends them. */
export interface Authorizer {
  /** What is ready to be used; `undefined` where it has to be asked for. */
  current(): Authorization | undefined
  /**
   * Asks for it.
   * @throws AuthenticationError where it cannot be had; AbortedError when the signal fires.
   */
  authorize(signal: AbortSource, context: RequestContext): Promise<Authorization>
}

/** The authorizer of a secret that stays the same, or of none. */
export function createFixedAuthorizer(headers: Readonly<Record<string, string>>, redact: Redact): Authorizer {
  const authorization: Authorization = { headers, redact, onRefused: () => false }
  return { current: () => authorization, authorize: () => Promise.resolve(authorization) }
}
