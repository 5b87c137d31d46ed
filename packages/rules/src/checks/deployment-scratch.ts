import type { GitLabIdentifier } from '../gitlab-identifier.js'
import type { DeploymentContext } from '../rule.js'
import type { BedrockName } from './bedrock-names.js'
import type { DocumentedHardware } from './documented-hardware.js'
import type { EndpointToCheck } from './endpoint.js'

/** What several rules take apart in the same way, kept for as long as one deployment is judged. */
export interface DeploymentScratch {
  /** Every endpoint. */
  endpoints?: readonly EndpointToCheck[]
  /** Its identifier, split. */
  identifier?: GitLabIdentifier
  /** The names of a Bedrock deployment. */
  bedrockNames?: readonly BedrockName[]
  /** Its GPUs beside the documented minimum; `null` where one of the two is not known. */
  documentedHardware?: DocumentedHardware | null
}

const key: unique symbol = Symbol('scratch')

interface WithScratch extends DeploymentContext {
  [key]?: DeploymentScratch
}

/** Gives a context scratch space for its rules. */
export function addScratch(context: DeploymentContext): void {
  const holder: WithScratch = context
  holder[key] = {}
}

/** The scratch space of a context; one that has none gets what is forgotten at once. */
export function scratchOf(context: DeploymentContext): DeploymentScratch {
  const holder: WithScratch = context
  return holder[key] ?? {}
}
