import { catalog, type DuoModelsConfiguration } from '@duo-models/rules'

/** A configuration as teams have it: three deployments on three platforms, with a fallback for chat. */
export const threeDeployments = {
  gitlab: { version: '18.2', tier: 'ultimate', addOn: 'duo-enterprise' },
  deployments: {
    code: {
      platform: 'vllm',
      model: 'codestral-22b-v0.1',
      endpoint: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'],
      servedModelName: 'codestral',
      server: { version: '0.8.5', tensorParallelSize: 2, maxModelLength: 32_768, gpuMemoryUtilization: 0.9 },
      hardware: { gpu: 'a100-80gb', gpuCount: 2, cpuCores: 16, ramGB: 64 },
    },
    chat: {
      platform: 'bedrock',
      model: 'claude-3.7-sonnet',
      region: 'us-east-1',
      modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
    },
    gpt: {
      platform: 'azure-openai',
      model: 'gpt-4o',
      endpoint: 'https://example.openai.azure.com',
      deployment: 'gpt-4o',
      apiVersion: '2024-10-21',
    },
  },
  features: { 'code-completion': 'code', 'code-generation': 'code', 'duo-chat': ['chat', 'gpt'] },
} as const satisfies DuoModelsConfiguration

/** The part of a configuration that the least check reads. */
interface NamedDeployments {
  readonly deployments?: Readonly<Record<string, { readonly model: string; readonly platform: string }>>
  readonly features?: Readonly<Record<string, string | readonly string[]>>
}

interface Question {
  readonly model: string
  readonly feature: string
  readonly platform: string
}

const verdicts = new Map([
  ['codestral-22b-v0.1', new Map([['code-completion', { level: 'full', platforms: new Set(['vllm']) }]])],
])

/** The least a look-up can do: two maps and a set. */
export function leastLookUp({ model, feature, platform }: Question): string {
  const verdict = verdicts.get(model)?.get(feature)
  return verdict?.platforms.has(platform) ? verdict.level : 'unlisted'
}

/** The least a check can do: every deployment has a known model, a known platform and a feature that names it. */
export function leastCheck({ deployments = {}, features = {} }: NamedDeployments): readonly string[] {
  const problems: string[] = []
  for (const [name, deployment] of Object.entries(deployments)) {
    if (!Object.hasOwn(catalog.models, deployment.model)) problems.push(`${name}: unknown model`)
    if (!Object.hasOwn(catalog.platforms, deployment.platform)) problems.push(`${name}: unknown platform`)
  }
  for (const [feature, names] of Object.entries(features))
    for (const name of typeof names === 'string' ? [names] : names)
      if (!Object.hasOwn(deployments, name)) problems.push(`${feature}: unknown deployment ${name}`)
  return problems
}
