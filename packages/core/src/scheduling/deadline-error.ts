import { TimeoutError } from '@duo-models/adapters'

/**
 * The error of a request that is not sent because its answer would come too late.
 * @param leftMs until its deadline
 * @param quickMs what a quick answer of the deployment takes
 */
export function deadlineError(deployment: string, leftMs: number, quickMs: number): TimeoutError {
  const left = Math.max(0, Math.floor(leftMs))
  return new TimeoutError({
    message:
      `Deployment '${deployment}' was not asked: ${left} ms are left until the call's deadline, and hardly any of its answers ` +
      `takes less than ${Math.round(quickMs)} ms. Send fewer requests at a time, add replicas, or raise \`deadlineMs\` or \`timeouts.totalMs\`.`,
    which: 'total',
    timeoutMs: left,
    phase: 'queue',
    retryable: false,
  })
}
