import { type BedrockModelName, parseBedrockModelName } from '../bedrock-model-name.js'
import type { Fix } from '../finding.js'
import { identifierFor, identifierOf, longestIdentifier } from '../gitlab-identifier.js'
import type { ResolvedDeployment } from '../resolved-configuration.js'
import type { DeploymentContext } from '../rule.js'

/** A place of a Bedrock deployment that names the model, and how to write another name there. */
export interface BedrockName extends BedrockModelName {
  /** The name, without what GitLab puts in front of it. */
  readonly text: string
  /** Pointer relative to the deployment. */
  readonly path: string
  /** The fix that writes another name. */
  readonly replaceBy: (name: string, description: string) => Fix
}

const none: readonly BedrockName[] = []
const remembered = new WeakMap<ResolvedDeployment, readonly BedrockName[]>()

/** The names of a Bedrock deployment: `modelId`, and `identifier` where it is stated. */
export function bedrockNames(context: DeploymentContext): readonly BedrockName[] {
  if (context.platform !== 'bedrock') return none
  let names = remembered.get(context.deployment)
  if (names === undefined) {
    names = namesOf(context)
    remembered.set(context.deployment, names)
  }
  return names
}

function namesOf(context: DeploymentContext): readonly BedrockName[] {
  const names: BedrockName[] = []
  const { modelId } = context.settings
  if (typeof modelId === 'string') names.push(nameAt('/modelId', bareName(modelId), (name) => name))
  const identifier = identifierOf(context)
  if (identifier !== undefined)
    names.push(nameAt('/identifier', bareName(identifier.modelName), (name) => identifierFor('bedrock', name)))
  return names
}

/** A name without `bedrock/` and `converse/` in front. */
export function bareName(text: string): string {
  return text.replace(/^bedrock\//, '').replace(/^converse\//, '')
}

function nameAt(path: string, text: string, write: (name: string) => string): BedrockName {
  const replaceBy = (name: string, description: string): Fix => {
    const value = write(name)
    if (path === '/identifier' && value.length > longestIdentifier) return { description }
    return { description, patch: [{ op: 'replace', path, value }] }
  }
  return { ...parseBedrockModelName(text), text, path, replaceBy }
}
