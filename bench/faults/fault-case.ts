import type { DuoModelErrorCode } from '@duo-models/adapters'
import type { FaultServerBehaviour } from './fault-server.js'

/** One thing that goes wrong between a client and a server, and what a client must make of it. */
export interface FaultCase {
  /** Stable and unique. */
  readonly name: string
  /** How the client asks. */
  readonly kind: 'stream' | 'generate'
  /** How the server behaves; made anew for each client. */
  readonly serve: () => FaultServerBehaviour
  readonly expected: ExpectedAnswer | ExpectedError | ExpectedEither
  /** Calls that follow one another on one client; the last one is judged. @default 1 */
  readonly calls?: number
  /** Most requests the server may get, over all calls. @default 3 */
  readonly maxRequests?: number
  /** Least time between the first two requests, in milliseconds: what the server asked for. */
  readonly minPauseMs?: number
  /** The server sends without end; what the client holds of it is measured. */
  readonly isFlood?: boolean
  /** `https` although the server speaks plain text, and so on. @default 'http' */
  readonly scheme?: 'http' | 'https'
  /** Characters of the prompt. @default a few words */
  readonly promptCharacters?: number
}

/** The whole answer. */
export interface ExpectedAnswer {
  readonly outcome: 'answer'
  readonly text: string
}

/** An error; an answer of any kind would be wrong. */
interface ExpectedError {
  readonly outcome: 'error'
  /** What our client calls it; other clients have other words. */
  readonly codes: readonly DuoModelErrorCode[]
  /** Text that had arrived, for our client's `error.partial`. */
  readonly partialText?: string
}

/** The whole answer or an error: both are right, anything else is not. */
interface ExpectedEither {
  readonly outcome: 'answer or error'
  readonly text: string
  readonly codes: readonly DuoModelErrorCode[]
}

/** The key every client is given: it must not be seen anywhere but at the server it is for. */
export const secretKey = 'sk-canary-4f9a1c7e2b6d8035'

/** What a client is told about time. */
export interface FaultLimits {
  /** For a connection, a first token and the next one, where the client has such limits. */
  readonly stepMs: number
  /** For the whole call. */
  readonly totalMs: number
}

/** Short where the limit is what must end the call; long elsewhere, so that a busy machine ends none. */
export function limitsOf({ expected }: FaultCase): FaultLimits {
  const isAboutTime = expected.outcome !== 'answer' && expected.codes.includes('timeout')
  return isAboutTime ? { stepMs: 1_500, totalMs: 4_500 } : { stepMs: 8_000, totalMs: 10_000 }
}

/** A call that has not settled by now, pauses between attempts included, never will. */
export const hangMs = 12_000
