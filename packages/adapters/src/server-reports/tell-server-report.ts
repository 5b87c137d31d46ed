import type { AdapterCall } from '../adapter.js'
import type { HttpHeaders } from '../transport/http-exchange.js'
import { readRateLimits } from './read-rate-limits.js'
import { readServerLoad } from './read-server-load.js'

/** Whoever wants to hear what a server says about itself. */
export type ReportReceiver = Pick<AdapterCall, 'onServerReport'>

/** Tells what the head of an answer says about its server, where it says anything and somebody listens. Never throws. */
export function tellServerReport(receiver: ReportReceiver | undefined, headers: HttpHeaders): void {
  if (receiver?.onServerReport === undefined) return
  const rateLimit = readRateLimits(headers)
  const load = readServerLoad(headers)
  if (rateLimit === undefined && load === undefined) return
  try {
    receiver.onServerReport({ ...(rateLimit && { rateLimit }), ...(load && { load }) })
  } catch {
    // A mistake of the listener must not cost the answer, whose bytes are being read.
  }
}
