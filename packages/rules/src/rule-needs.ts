import type { DeploymentSettings, GitLabSettings } from './configuration.js'
import { isUsualAddress, isUsualGatewayAddress } from './usual-address.js'

// One bit each, so that what is stated and what a rule needs compare in one step.
const bits = {
  'gitlab.tier': 1,
  'gitlab.addOn': 2,
  'gitlab.network': 4,
  'gitlab.agentPlatformUrl': 8,
  'gitlab.aiGateway': 16,
  'gitlab.aiGateway.url': 32,
  'gitlab.aiGateway.imageTag': 64,
  'gitlab.aiGateway.timeoutSeconds': 128,
  'gitlab.aiGateway.env': 256,
  model: 512,
  modelFamily: 1_024,
  identifier: 2_048,
  apiKey: 4_096,
  endpoint: 8_192,
  server: 16_384,
  'server.version': 32_768,
  'server.serveArgs': 65_536,
  hardware: 131_072,
  'hardware.gpu': 262_144,
  'hardware.gpuCount': 524_288,
  'hardware.cpuCores': 1_048_576,
  'hardware.ramGB': 2_097_152,
  'endpoint.several': 4_194_304,
  'endpoint.unusual': 8_388_608,
  'gitlab.aiGateway.url.unusual': 16_777_216,
} as const

/**
 * A part of a configuration, or of a deployment, that a rule can say it looks at. `endpoint.several` is a list of two or
 * more. `endpoint.unusual` is an endpoint that is more, or less, than scheme, host, port and `/v1`, or leads to
 * localhost; `gitlab.aiGateway.url.unusual` is an address that is more, or less, than scheme, host name and port.
 */
export type RuleNeed = keyof typeof bits

/** What is stated, or what is needed, as a set of bits. */
export type NeedSet = number

/** The set of these needs. */
export function needSet(needs: readonly RuleNeed[] = []): NeedSet {
  let set = 0
  for (const need of needs) set |= bits[need]
  return set
}

/** Which needs the `gitlab` section meets. */
export function statedByGitLab(gitlab: GitLabSettings | undefined): NeedSet {
  if (gitlab === undefined) return 0
  let set = 0
  if (gitlab.tier !== undefined) set |= bits['gitlab.tier']
  if (gitlab.addOn !== undefined) set |= bits['gitlab.addOn']
  if (gitlab.network !== undefined) set |= bits['gitlab.network']
  if (gitlab.agentPlatformUrl !== undefined) set |= bits['gitlab.agentPlatformUrl']
  return gitlab.aiGateway === undefined ? set : set | statedByGateway(gitlab.aiGateway)
}

function statedByGateway({ url, imageTag, timeoutSeconds, env }: NonNullable<GitLabSettings['aiGateway']>): NeedSet {
  let set: number = bits['gitlab.aiGateway']
  if (url !== undefined) {
    set |= bits['gitlab.aiGateway.url']
    if (!isUsualGatewayAddress(url)) set |= bits['gitlab.aiGateway.url.unusual']
  }
  if (imageTag !== undefined) set |= bits['gitlab.aiGateway.imageTag']
  if (timeoutSeconds !== undefined) set |= bits['gitlab.aiGateway.timeoutSeconds']
  if (env !== undefined) set |= bits['gitlab.aiGateway.env']
  return set
}

/** Which needs a deployment meets. */
export function statedByDeployment(settings: DeploymentSettings): NeedSet {
  const { server, hardware } = settings
  let set = 0
  if (settings.model !== undefined) set |= bits.model
  if (settings.modelFamily !== undefined) set |= bits.modelFamily
  if (settings.identifier !== undefined) set |= bits.identifier
  if (settings.apiKey !== undefined) set |= bits.apiKey
  if (settings.endpoint !== undefined) set |= statedByEndpoint(settings.endpoint, settings.platform)
  if (server !== undefined) set |= statedByServer(server)
  if (hardware !== undefined) set |= statedByHardware(hardware)
  return set
}

function statedByEndpoint(endpoint: NonNullable<DeploymentSettings['endpoint']>, platform: string): NeedSet {
  if (typeof endpoint === 'string')
    return isUsualAddress(endpoint, platform) ? bits.endpoint : bits.endpoint | bits['endpoint.unusual']
  let set: number = endpoint.length > 1 ? bits.endpoint | bits['endpoint.several'] : bits.endpoint
  for (const address of endpoint) if (!isUsualAddress(address, platform)) set |= bits['endpoint.unusual']
  return set
}

function statedByServer({ version, serveArgs }: NonNullable<DeploymentSettings['server']>): NeedSet {
  let set: number = bits.server
  if (version !== undefined) set |= bits['server.version']
  if (serveArgs !== undefined) set |= bits['server.serveArgs']
  return set
}

function statedByHardware({ gpu, gpuCount, cpuCores, ramGB }: NonNullable<DeploymentSettings['hardware']>): NeedSet {
  let set: number = bits.hardware
  if (gpu !== undefined) set |= bits['hardware.gpu']
  if (gpuCount !== undefined) set |= bits['hardware.gpuCount']
  if (cpuCores !== undefined) set |= bits['hardware.cpuCores']
  if (ramGB !== undefined) set |= bits['hardware.ramGB']
  return set
}
