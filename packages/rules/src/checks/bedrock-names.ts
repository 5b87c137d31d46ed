import { type BedrockModelName, knownBedrockModelName } from '../bedrock-model-name.js'
import type { Fix } from '../finding.js'
import { identifierFor, identifierOf, longestIdentifier } from '../gitlab-identifier.js'
import type { DeploymentContext } from '../rule.js'
import { scratchOf } from './deployment-scratch.js'

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

/** The names of a Bedrock deployment: `modelId`, and `identifier` where it is stated. */
export function bedrockNames(context: DeploymentContext): readonly BedrockName[] {
  if (context.platform !== 'bedrock') return none
  const scratch = scratchOf(context)
  scratch.bedrockNames ??= namesOf(context)
  return scratch.bedrockNames
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
  const bare = text.startsWith('bedrock/') ? text.slice('bedrock/'.length) : text
  return bare.startsWith('converse/') ? bare.slice('converse/'.length) : bare
}

function nameAt(path: string, text: string, write: (name: string) => string): BedrockName {
  const replaceBy = (name: string, description: string): Fix => {
    const value = write(name)
    if (path === '/identifier' && value.length > longestIdentifier) return { description }
    return { description, patch: [{ op: 'replace', path, value }] }
  }
  const { geography, baseId, arnRegion } = knownBedrockModelName(text) ?? {}
  return { geography, baseId, arnRegion, text, path, replaceBy }
}
