import type { CorruptFrameFault, ExceptionFault, RateLimitFault } from './faults/fault.js'
import type { Exchange } from './http/exchange.js'
import type { StreamEvent } from './http/reply.js'
import type { HeaderList } from './http/response-writer.js'

/** The protocol of one platform: how requests are understood and answered. Knows nothing of sockets and faults. */
export interface Dialect {
  /** What follows the origin in the base URL that clients of the platform are given; may be empty. */
  readonly basePath: string
  /** Whether the platform's clients speak HTTP/2 by prior knowledge. */
  readonly acceptsHttp2: boolean
  /** How long the platform's server leaves an idle connection open, in milliseconds. */
  readonly keepAliveTimeoutMs: number
  /** What the platform's server answers to bytes that are not HTTP, as it goes over the wire. */
  readonly invalidRequest: string
  /** How events of a stream are framed. Comment lines exist in server-sent events only. */
  readonly streamFormat: 'server-sent-events' | 'frames'
  /** Faults that are answers of this platform alone. */
  readonly refusals: PlatformRefusals
  /** Damages an event in a way its framing can detect. Absent where the framing has no checksums. */
  readonly corruptEvent?: (event: StreamEvent, part: NonNullable<CorruptFrameFault['part']>) => StreamEvent
  /** Answers one request. Rejects only with the abort reason of the reply, after the client is gone. */
  answer(exchange: Exchange): Promise<void>
  /** Headers that the platform's server puts on every response. */
  serverHeaders(): HeaderList
  /** The events of a failure inside a stream that has begun; `body` replaces the platform's own error. */
  streamFailure(body: string | undefined): readonly StreamEvent[]
  /** Prometheus metrics and the like, as text. */
  metrics(): string
}

/** The refusals a fault can ask a platform for. */
interface PlatformRefusals {
  readonly exception?: (fault: ExceptionFault) => Refusal
  readonly 'rate-limit'?: (fault: RateLimitFault) => Refusal
}

/** A refusal, as a response and as what arrives inside a stream. */
export interface Refusal {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string
  /** The last events of a stream that has begun. */
  readonly events: readonly StreamEvent[]
}
