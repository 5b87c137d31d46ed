import type { FaultQuestion } from './ask-client.js'
import { type FaultCase, limitsOf } from './fault-case.js'
import type { FaultServer } from './fault-server.js'

/** What a client is asked in a case. */
export function questionOf(fault: FaultCase, { port }: FaultServer): FaultQuestion {
  const { scheme = 'http', kind, calls = 1, promptCharacters = 0 } = fault
  return { origin: `${scheme}://127.0.0.1:${port}`, kind, calls, promptCharacters, limits: limitsOf(fault) }
}
