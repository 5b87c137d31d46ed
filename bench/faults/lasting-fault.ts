import type { DuoModelErrorCode } from '@duo-models/adapters'
import type { FaultCase } from './fault-case.js'
import { sends } from './server-behaviours.js'

/** A server that answers the same to a whole request however often it is asked; it must be asked once. */
export function lastingFault(name: string, bytes: string | Buffer, codes: readonly DuoModelErrorCode[]): FaultCase {
  return { name, kind: 'generate', serve: sends(bytes), expected: { outcome: 'error', codes }, maxRequests: 1 }
}
