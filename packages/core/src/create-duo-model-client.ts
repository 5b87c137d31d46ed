import { ConfigurationError, loadAdapter, type ModelAdapter } from '@duo-models/adapters'
import { type DuoModelsConfiguration, type ResolvedConfiguration, resolveConfiguration } from '@duo-models/rules'
import { compatibilityError, describeErrors } from './admission.js'
import { Client } from './client.js'
import type { ClientOptions } from './client-options.js'
import { type ClientSettings, readClientOptions } from './client-settings.js'
import { Deployment } from './deployment.js'
import type { DuoModelClient } from './duo-model-client.js'
import { MicroBatchingAdapter } from './micro-batching/micro-batching-adapter.js'
import { systemClock } from './scheduling/clock.js'
import { createRateLimiters } from './scheduling/create-rate-limiters.js'

/**
 * Makes the client for a configuration: the same object `checkConfig` checks and the configuration file holds. Opens
 * no connection and reads no environment.
 *
 * @example
 * const client = createDuoModelClient({
 *   platform: 'vllm',
 *   model: 'mistral-small-24b-instruct-2506',
 *   endpoint: 'http://gpu-1:8000/v1',
 * })
 * for await (const event of client.stream({ feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] }))
 *   if (event.type === 'text-delta') process.stdout.write(event.text)
 *
 * @throws ConfigurationError where the configuration or an option cannot be read.
 * @throws CompatibilityError with the report, where a rule has an error and `compatibility` is `enforce`.
 */
export function createDuoModelClient<CustomPlatform extends string = never>(
  config: DuoModelsConfiguration<NoInfer<CustomPlatform>>,
  options: ClientOptions<CustomPlatform> = {},
): DuoModelClient {
  const settings = readClientOptions(options)
  const adapters = new Map((options.adapters ?? []).map((adapter) => [adapter.platform, adapter]))
  const platforms = [...adapters.keys()]
  const { configuration, report } = resolveConfiguration(config, { platforms })
  if (configuration === undefined)
    throw new ConfigurationError({ message: `The configuration cannot be used. ${describeErrors(report)}` })
  if (settings.compatibility === 'enforce' && !report.ok) throw compatibilityError(report)
  const deployments = createDeployments(configuration, settings, adapters)
  return new Client({ configuration, report, deployments, platforms, settings })
}

function createDeployments(
  configuration: ResolvedConfiguration,
  settings: ClientSettings,
  adapters: ReadonlyMap<string, ModelAdapter>,
): ReadonlyMap<string, Deployment> {
  const { timeouts, maxConnections, tls, proxy, circuit, retry, concurrency, routing, maxQueued, microBatch } = settings
  const context = { connectTimeoutMs: timeouts.connectMs, maxConnections, tls, proxy }
  const limiters = createRateLimiters(settings.rateLimits, Object.keys(configuration.deployments))
  const deployments = new Map<string, Deployment>()
  for (const [name, resolved] of Object.entries(configuration.deployments)) {
    const own = adapters.get(resolved.platform)
    const load = own === undefined ? () => loadAdapter(resolved.platform) : () => Promise.resolve(own)
    const options = {
      context,
      loadAdapter:
        microBatch === undefined ? load : async () => new MicroBatchingAdapter(await load(), microBatch, systemClock),
      circuit,
      concurrency,
      routing,
      limiter: limiters.get(name),
      maxQueued,
      maxRetryAfterMs: retry.maxRetryAfterMs,
      retryBudgetRatio: retry.budgetRatio,
      clock: systemClock,
      random: Math.random,
    }
    deployments.set(name, new Deployment(resolved, options))
  }
  return deployments
}
