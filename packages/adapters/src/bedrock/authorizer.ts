import type { AbortSource } from '../abort-source.js'
import type { HttpHeaders } from '../transport/http-exchange.js'
import type { Redact } from '../transport/redact.js'
import type { RequestContext } from '../transport/request-context.js'

/** A request before it is authorised. */
export interface UnsignedRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the way a request was authorised has to say about its refusal. */
export interface AuthorizationVerdict {
  /** What is wrong and what to do, instead of the general advice. */
  readonly advice?: string
  /** Whether the next request is authorised in another way, so that it may succeed. */
  readonly retryable: boolean
}

/** A request that may be sent, and what its refusal means. */
export interface Authorization {
  /** All headers of the request. */
  readonly headers: Readonly<Record<string, string>>
  /** Masks every secret the request carries. */
  readonly redact: Redact
  /** Looks at a refusal; `undefined` where it is not about the credentials, or nothing more can be said. */
  readonly judge: (exception: string, headers: HttpHeaders) => AuthorizationVerdict | undefined
}

/** How requests prove who sends them. */
export interface Authorizer {
  /**
   * Authorises a request.
   * @throws AuthenticationError where there are no credentials, or they cannot be had; AbortedError when the signal fires.
   */
  authorize(request: UnsignedRequest, signal: AbortSource, context: RequestContext): Promise<Authorization>
}
