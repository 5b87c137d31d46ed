import { catalog } from '../catalog/catalog.js'
import { parseAddress } from '../parse-address.js'
import { type DeploymentContext, defineRule } from '../rule.js'

/** The model runs in a provider's cloud, and the instance does not reach the internet. */
export const managedModelNeedsInternet = defineRule({
  id: 'managed-model-needs-internet',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock', 'azure-openai'],
  needs: ['gitlab.network'],
  description: 'The model runs in a provider’s cloud, and the instance does not reach the internet.',
  sources: [{ source: 'duo-self-hosted-index' }],
  check: (context) => {
    const platform = Object.values(catalog.platforms).find(({ id }) => id === context.platform)
    if (platform?.kind !== 'cloud' || context.gitlab?.network !== 'isolated' || hasPrivateEndpoint(context))
      return undefined
    return {
      message: `${platform.name} answers over the internet, and gitlab.network is isolated.`,
      path: '/platform',
      fix: { description: 'Serve the model yourself, or name the private endpoint of the provider as endpoint.' },
    }
  },
})

const publicAzureHost = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.com$/i

// A private endpoint has a host of its own; the provider's public names may resolve privately, but nothing says so.
function hasPrivateEndpoint({ platform, deployment, gitlab }: DeploymentContext): boolean {
  if (platform === 'bedrock')
    return deployment.endpoints.length > 0 || gitlab?.aiGateway?.env?.['AWS_BEDROCK_RUNTIME_ENDPOINT'] !== undefined
  const hosts = deployment.endpoints.map((endpoint) => parseAddress(endpoint)?.hostname ?? '')
  return hosts.length > 0 && hosts.every((host) => !publicAzureHost.test(host))
}
