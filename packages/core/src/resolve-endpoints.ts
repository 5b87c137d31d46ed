import { ConfigurationError } from '@duo-models/adapters'
import { type ResolvedConfiguration, resolveConfiguration } from '@duo-models/rules'
import { compatibilityError, describeErrors } from './admission.js'

/** A change of one deployment's endpoints, and what it is judged by. */
export interface EndpointChange {
  readonly configuration: ResolvedConfiguration
  readonly deployment: string
  /** One URL or one per replica, as the configuration's `endpoint`. */
  readonly endpoints: unknown
  /** Whether an error of a rule counts. */
  readonly enforces: boolean
  /** Platforms that the caller's own adapters add. */
  readonly platforms: readonly string[]
}

/**
 * The configuration with other endpoints, judged as if it had been written so.
 * @throws ConfigurationError where it cannot be used; CompatibilityError where a rule has an error and counts
 */
export function resolveEndpoints(change: EndpointChange): ResolvedConfiguration {
  const { configuration: before, deployment, endpoints, enforces, platforms } = change
  if (typeof endpoints !== 'string' && !(Array.isArray(endpoints) && endpoints.length > 0))
    throw refuse(deployment, `They must be a URL or a list of at least one, and are ${describe(endpoints)}.`)
  const { configuration, report } = resolveConfiguration(withEndpoints(before, deployment, endpoints), { platforms })
  if (configuration === undefined) throw refuse(deployment, describeErrors(report))
  if (enforces && !report.ok) throw compatibilityError(report)
  return configuration
}

function withEndpoints({ gitlab, deployments, features }: ResolvedConfiguration, name: string, endpoint: unknown) {
  const settings = Object.entries(deployments).map(([each, deployment]) => [each, deployment.settings] as const)
  const changed = settings.map(([each, given]) => [each, each === name ? { ...given, endpoint } : given] as const)
  return { ...(gitlab !== undefined && { gitlab }), deployments: Object.fromEntries(changed), features }
}

function refuse(deployment: string, reason: string): ConfigurationError {
  return new ConfigurationError({
    message: `The endpoints of deployment '${deployment}' cannot be used, and stay as they were. ${reason}`,
    deployment,
  })
}

function describe(given: unknown): string {
  if (Array.isArray(given)) return 'an empty list'
  return typeof given === 'object' && given !== null ? 'an object' : String(given)
}
