import type { FaultCase } from './fault-case.js'
import { secretKey } from './fault-case.js'
import type { FaultOutcome } from './fault-outcome.js'
import type { FaultServer } from './fault-server.js'

/** How a client fares in a case, the worst that is true of it. */
export type FaultVerdict =
  | 'passed'
  /** The call never settles. */
  | 'hang'
  /** The process ends, or something is rejected that nobody waits for. */
  | 'crash'
  /** What is no answer, or not all of it, is taken for one. */
  | 'silent'
  /** A key is shown, or sent to somebody else. */
  | 'leak'
  /** More is held in memory than the call can need. */
  | 'memory'
  /** The answer is there, and the call fails. */
  | 'false error'
  /** The request is sent too often, or too soon. */
  | 'retries'
  /** The error is one of the language, such as a property of `undefined`. */
  | 'untyped'

/** A verdict, and what led to it. */
export interface FaultJudgement {
  readonly verdict: FaultVerdict
  readonly reason: string
}

const passed: FaultJudgement = { verdict: 'passed', reason: '' }
const encodedKey = Buffer.from(secretKey).toString('base64').replace(/=+$/, '')
const languageErrors = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'])

/** Judges by what every client can be held to: the words of its errors are its own. */
export function judgeFault(fault: FaultCase, outcome: FaultOutcome, server: FaultServer): FaultJudgement {
  return (
    judgeOutcome(fault, outcome) ??
    judgeRequests(fault, server) ??
    (outcome.outcome === 'error' && languageErrors.has(outcome.name)
      ? { verdict: 'untyped', reason: firstLine(outcome.shown) }
      : passed)
  )
}

function judgeOutcome({ expected }: FaultCase, outcome: FaultOutcome): FaultJudgement | undefined {
  if (outcome.outcome === 'hang') return { verdict: 'hang', reason: 'the call did not settle' }
  if (outcome.outcome === 'error') {
    if (outcome.shown.includes(secretKey) || outcome.shown.includes(encodedKey))
      return { verdict: 'leak', reason: 'the error shows the key' }
    return expected.outcome === 'answer' ? { verdict: 'false error', reason: firstLine(outcome.shown) } : undefined
  }
  if (expected.outcome === 'error')
    return { verdict: 'silent', reason: `taken for an answer: ${shorten(outcome.text)}` }
  return outcome.text === expected.text
    ? undefined
    : { verdict: 'silent', reason: `the text is ${shorten(outcome.text)}` }
}

function judgeRequests(
  { maxRequests = 3, minPauseMs = 0 }: FaultCase,
  server: FaultServer,
): FaultJudgement | undefined {
  if (server.foreignRequests.length > 0) return { verdict: 'leak', reason: 'the request was sent to another origin' }
  const { requestTimesMs } = server
  if (requestTimesMs.length > maxRequests) return { verdict: 'retries', reason: `${requestTimesMs.length} requests` }
  const [first, second] = requestTimesMs
  // A timer of Node may fire a millisecond early.
  if (first !== undefined && second !== undefined && second - first < minPauseMs - 1)
    return { verdict: 'retries', reason: `sent again after ${(second - first).toFixed(0)} of ${minPauseMs} ms` }
  return undefined
}

function firstLine(text: string): string {
  return shorten(text.split('\n')[0] ?? '')
}

function shorten(text: string): string {
  return text.length > 120 ? `${JSON.stringify(text.slice(0, 120))} …` : JSON.stringify(text)
}
