import type { FaultQuestion } from './ask-client.js'
import type { FaultCase } from './fault-case.js'
import type { FaultServer } from './fault-server.js'

/** What a client is asked in a case. */
export function questionOf(
  { scheme = 'http', kind, calls = 1, promptCharacters = 0 }: FaultCase,
  { port }: FaultServer,
): FaultQuestion {
  return { origin: `${scheme}://127.0.0.1:${port}`, kind, calls, promptCharacters }
}
