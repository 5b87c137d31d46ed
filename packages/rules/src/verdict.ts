import type { SupportLevel, Verdict } from './vocabulary.js'

/** Every verdict, the worst first. A report has the worst word of all its parts. */
export const verdictPrecedence: readonly Verdict[] = [
  'invalid',
  'unsupported-model',
  'unsupported-platform',
  'unsupported-feature',
  'insufficient-hardware',
  'source-conflict',
  'not-compatible',
  'not-offered',
  'not-applicable',
  'experimental',
  'compatible-with-limitations',
  'warning',
  'unknown',
  'compatible',
  'ok',
]

const rank = new Map(verdictPrecedence.map((verdict, index) => [verdict, index]))

/** The worse of two verdicts. */
export function worseVerdict(a: Verdict, b: Verdict): Verdict {
  if (a === b) return a
  return (rank.get(b) ?? 0) < (rank.get(a) ?? 0) ? b : a
}

/** The verdict that a feature's level alone amounts to. */
export const verdictOfLevel: Readonly<Record<SupportLevel, Verdict>> = {
  full: 'compatible',
  partial: 'compatible-with-limitations',
  none: 'not-compatible',
  'not-applicable': 'not-applicable',
  yes: 'experimental',
  no: 'not-offered',
  unlisted: 'unknown',
}
