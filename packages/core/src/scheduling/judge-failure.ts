import type { DuoModelError, DuoModelErrorCode } from '@duo-models/adapters'

/**
 * What a failure says about the replica it came from:
 *
 * - `replica`: it is broken, or not there.
 * - `refusal`: it is at work and refuses everybody alike, as with a wrong key or an unknown model.
 * - `request`: it is at work; the request or its rate is at fault.
 * - `unknown`: nothing, because this side ended the request.
 */
export type FailureJudgement = 'replica' | 'refusal' | 'request' | 'unknown'

const judgements: Readonly<Partial<Record<DuoModelErrorCode, FailureJudgement>>> = {
  connection: 'replica',
  overloaded: 'replica',
  server: 'replica',
  'stream-interrupted': 'replica',
  timeout: 'replica',
  authentication: 'refusal',
  'inference-profile-required': 'refusal',
  'model-not-found': 'refusal',
  'model-not-ready': 'refusal',
  'model-retired': 'refusal',
  'not-found': 'refusal',
  permission: 'refusal',
  protocol: 'refusal',
  quota: 'refusal',
  aborted: 'unknown',
  configuration: 'unknown',
}

/** Judges a failure; those that are not about the replica are about the request. */
export function judgeFailure(error: DuoModelError): FailureJudgement {
  return judgements[error.code] ?? 'request'
}
