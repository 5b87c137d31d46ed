import type { ModelAdapter } from '@duo-models/adapters'
import { Deployment, type DeploymentOptions } from '../deployment.js'

/** What a deployment in virtual time is made of; everything else is what a client has by default, or near it. */
export interface SimulatedDeploymentOptions
  extends Partial<Omit<DeploymentOptions, 'loadAdapter' | 'context' | 'clock' | 'random'>>,
    Pick<DeploymentOptions, 'clock' | 'random'> {
  readonly adapter: ModelAdapter
  /** One for each replica. */
  readonly endpoints: readonly string[]
  /** @default 'simulated' */
  readonly name?: string
  /** @default 512 */
  readonly maxConnections?: number
}

/** A deployment whose servers are whatever its adapter makes of them. */
export function createSimulatedDeployment(options: SimulatedDeploymentOptions): Deployment {
  const { adapter, endpoints, name = 'simulated', maxConnections = 512, ...rest } = options
  return new Deployment(
    {
      name,
      platform: adapter.platform,
      modelName: 'simulated',
      servedModelName: 'simulated',
      endpoints,
      settings: { platform: 'vllm', model: 'simulated', endpoint: 'http://127.0.0.1:1/v1' },
    },
    {
      context: { connectTimeoutMs: 5_000, maxConnections },
      loadAdapter: () => Promise.resolve(adapter),
      circuit: { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 30_000 },
      concurrency: 'adaptive',
      routing: 'least-loaded',
      maxQueued: 100_000,
      maxRetryAfterMs: 60_000,
      retryBudgetRatio: 0.1,
      ...rest,
    },
  )
}
