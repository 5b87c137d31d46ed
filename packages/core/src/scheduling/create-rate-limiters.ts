import { ConfigurationError } from '@duo-models/adapters'
import type { RateLimitOptions } from '../client-options.js'
import { RateLimiter } from './rate-limiter.js'

/**
 * The limiter of each deployment; those of one group share theirs. Without limits it begins with what a server reports.
 * @throws ConfigurationError for a deployment nobody knows, or a group whose members disagree
 */
export function createRateLimiters(
  rateLimits: Readonly<Record<string, RateLimitOptions>>,
  deployments: readonly string[],
): ReadonlyMap<string, RateLimiter> {
  const limiters = new Map(deployments.map((name) => [name, new RateLimiter()]))
  const groups = new Map<string, { readonly limits: RateLimitOptions; readonly limiter: RateLimiter }>()
  for (const [name, limits] of Object.entries(rateLimits)) {
    if (!deployments.includes(name)) throw unknownDeployment(name, deployments)
    const { group } = limits
    const known = group === undefined ? undefined : groups.get(group)
    if (known !== undefined && !isSame(known.limits, limits)) throw differentLimits(group ?? '', name)
    const limiter = known?.limiter ?? new RateLimiter(limits)
    if (group !== undefined) groups.set(group, { limits, limiter })
    limiters.set(name, limiter)
  }
  return limiters
}

function isSame(one: RateLimitOptions, other: RateLimitOptions): boolean {
  return (
    one.requestsPerMinute === other.requestsPerMinute &&
    one.tokensPerMinute === other.tokensPerMinute &&
    one.ignoreReported === other.ignoreReported
  )
}

function unknownDeployment(name: string, known: readonly string[]): ConfigurationError {
  return new ConfigurationError({
    message: `The client option 'rateLimits' names a deployment '${name}' that the configuration does not have. It has: ${known.join(', ') || 'none'}.`,
  })
}

function differentLimits(group: string, name: string): ConfigurationError {
  return new ConfigurationError({
    message: `The client option 'rateLimits.${name}' has other limits than the rest of the group '${group}'. Deployments of a group share one limit: give all of them the same.`,
  })
}
