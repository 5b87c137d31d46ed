import type { Exchange } from './http/exchange.js'
import type { HeaderList } from './http/reply.js'

/** The protocol of one platform: how requests are understood and answered. Knows nothing of sockets and faults. */
export interface Dialect {
  /** Answers one request. Rejects only with the abort reason of the reply, after the client is gone. */
  answer(exchange: Exchange): Promise<void>
  /** Headers that the platform's server puts on every response. */
  serverHeaders(): HeaderList
  /** Headers and events of a failure inside a stream that has begun; `body` replaces the platform's own error. */
  streamFailure(body: string | undefined): readonly string[]
  /** Prometheus metrics and the like, as text. */
  metrics(): string
}
