import type { ResolvedConfiguration, ResolvedDeployment } from '../resolved-configuration.js'
import { serverFactsOf } from '../server-facts.js'
import { kubernetesName } from './kubernetes/kubernetes-name.js'
import { variableIn } from './secret-text.js'

const usualNames: Readonly<Record<string, string>> = {
  vllm: 'VLLM_API_KEY',
  'azure-openai': 'AZURE_OPENAI_API_KEY',
  bedrock: 'AWS_BEARER_TOKEN_BEDROCK',
}

/**
 * The environment variable that stands for the key of each deployment that has one. A key that is written as
 * `${NAME}` keeps that name. Deployments with the same key share a variable; the keys themselves go nowhere.
 */
export function keyVariables({ deployments }: ResolvedConfiguration): ReadonlyMap<string, string> {
  const variables = new Map<string, string>()
  const literals = new Map<string, string>()
  for (const deployment of Object.values(deployments)) {
    const key = keyOf(deployment)
    if (key === undefined) continue
    const known = variableIn(key) ?? literals.get(`${deployment.platform} ${key}`)
    const variable = known ?? freeName(deployment, new Set([...variables.values(), ...literals.values()]))
    if (variableIn(key) === undefined) literals.set(`${deployment.platform} ${key}`, variable)
    variables.set(deployment.name, variable)
  }
  return variables
}

function keyOf({ apiKey, settings }: ResolvedDeployment): string | undefined {
  return apiKey ?? serverFactsOf(settings).serveArguments?.options.get('api-key')?.[0]
}

function freeName({ name, platform }: ResolvedDeployment, taken: ReadonlySet<string>): string {
  const usual = Object.hasOwn(usualNames, platform) ? usualNames[platform] : undefined
  if (usual !== undefined && !taken.has(usual)) return usual
  const own = `${kubernetesName(name).replaceAll('-', '_').toUpperCase()}_API_KEY`
  let candidate = own
  for (let number = 2; taken.has(candidate); number += 1) candidate = `${own}_${number}`
  return candidate
}
