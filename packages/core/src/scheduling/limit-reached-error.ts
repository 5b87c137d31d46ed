import { RateLimitError } from '@duo-models/adapters'

/** What a request for a deployment whose server reports too little left fails with where another one would serve it. */
export function limitReachedError(deployment: string, waitMs: number): RateLimitError {
  return new RateLimitError({
    message:
      `Deployment '${deployment}' was not asked: by what its server reports, its rate limit has no room for ` +
      `${Math.ceil(waitMs / 1000)} s. Nothing was sent.`,
    phase: 'queue',
    retryAfterMs: Math.ceil(waitMs),
  })
}
