import { nearest } from '../nearest.js'
import { resolveConfiguration } from '../resolve-configuration.js'
import type { ResolvedConfiguration, ResolvedDeployment } from '../resolved-configuration.js'
import { showValue } from '../show-value.js'
import { isPlan, type PlanFacts, readPlan } from './read-plan.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'

/** What is to be rendered. */
export interface RenderInput {
  /** The configuration, or that of the plan. */
  readonly configuration: ResolvedConfiguration
  /** The deployments that are asked for. */
  readonly selected: readonly ResolvedDeployment[]
  /** The plan, when the input is one. */
  readonly plan?: PlanFacts | undefined
}

/**
 * Reads a plan or a configuration.
 * @throws RenderError when it has faults of structure, or lacks the deployment that is asked for
 */
export function readInput(input: unknown, request: RenderRequest): RenderInput {
  const plan = isPlan(input) ? readPlan(input, request) : undefined
  const configuration = readConfiguration(plan === undefined ? input : plan.configuration, request)
  const selected = select(configuration, request)
  return plan === undefined ? { configuration, selected } : { configuration, selected: forPlan(selected, plan), plan }
}

function readConfiguration(input: unknown, { format, options: { platforms } }: RenderRequest): ResolvedConfiguration {
  const { configuration, report } = resolveConfiguration(input, { platforms })
  if (configuration !== undefined) return configuration
  const faults = report.findings.filter(({ severity }) => severity === 'error')
  const shown = faults.slice(0, 3).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
  throw new RenderError({
    code: 'invalid-input',
    format,
    message: `The configuration cannot be read. ${shown.join(' ')} checkConfig names every fault.`,
  })
}

function select(
  { deployments }: ResolvedConfiguration,
  { format, options }: RenderRequest,
): readonly ResolvedDeployment[] {
  const { deployment: name } = options
  if (name === undefined) return Object.values(deployments)
  const deployment = Object.hasOwn(deployments, name) ? deployments[name] : undefined
  if (deployment !== undefined) return [deployment]
  const [suggestion] = nearest(name, Object.keys(deployments), 1)
  throw new RenderError({
    code: 'unknown-deployment',
    format,
    deployment: name,
    message: `There is no deployment ${showValue(name)}.${suggestion === undefined ? '' : ` Did you mean ${showValue(suggestion)}?`}`,
  })
}

// A plan is for one server, whatever else its configuration holds.
function forPlan(selected: readonly ResolvedDeployment[], plan: PlanFacts): readonly ResolvedDeployment[] {
  const servers = selected.filter(({ platform }) => platform === 'vllm')
  const same = servers.find(({ servedModelName }) => servedModelName === plan.servedModelName) ?? servers[0]
  return same === undefined ? selected : [same]
}
