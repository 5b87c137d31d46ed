import { RateLimitError } from '@duo-models/adapters'

/** The error of a request that is not sent because the server asked everybody to wait for longer than is waited for. */
export function pausedError(deployment: string, waitMs: number): RateLimitError {
  const seconds = Math.ceil(waitMs / 1_000)
  return new RateLimitError({
    message:
      `Deployment '${deployment}' was not asked: its server refused an earlier request and asked to wait, for ${seconds} s from now. ` +
      'Send the request again then, let another deployment serve the feature as well, or raise `retry.maxRetryAfterMs`.',
    phase: 'queue',
    retryAfterMs: Math.ceil(waitMs),
  })
}
