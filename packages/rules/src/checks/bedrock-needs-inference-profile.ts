import { geographyOfRegion, needsInferenceProfile, regionsWithoutProfiles } from '../bedrock-model-name.js'
import { catalog } from '../catalog/catalog.js'
import type { BedrockModel } from '../catalog/serving.js'
import type { Problem } from '../rule.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { type BedrockName, bedrockNames } from './bedrock-names.js'
import { problemsAmong } from './problems-among.js'

/** The model is served through an inference profile only, and the base model id is named. */
export const bedrockNeedsInferenceProfile = defineRule({
  id: 'bedrock-needs-inference-profile',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock'],
  description: 'The model is served through an inference profile only, and the base model id is named.',
  sources: [
    { source: 'troubleshooting-page' },
    { source: 'bedrock-own-models-guide' },
    { source: 'bedrock-model-ids' },
  ],
  check: (context) => {
    const region = context.settings['region']
    if (typeof region !== 'string' || regionsWithoutProfiles.has(region)) return undefined
    return problemsAmong(bedrockNames(context), (name) => objection(name, region))
  },
})

function objection(name: BedrockName, region: string): Problem | undefined {
  if (name.baseId === undefined || name.geography !== undefined || name.text !== name.baseId) return undefined
  const known = knownBedrockModel(name.baseId)
  if (known === undefined ? !needsInferenceProfile(name.baseId) : known.onDemand === 'yes') return undefined
  const geography = geographyOfRegion(region)
  const prefix = `${geography}.`
  const offered = geography !== undefined && (known === undefined || known.profilePrefixes.includes(prefix))
  const description = `Name an inference profile, such as us.${name.baseId}.`
  return {
    message: `${showValue(name.baseId)} is a base model id; Bedrock refuses it on demand and asks for an inference profile.`,
    path: name.path,
    fix: offered
      ? name.replaceBy(prefix + name.baseId, `Name the inference profile ${prefix}${name.baseId}.`)
      : { description },
  }
}

let bedrockModels: ReadonlyMap<string, BedrockModel> | undefined

function knownBedrockModel(baseId: string): BedrockModel | undefined {
  bedrockModels ??= new Map(
    catalog.servings.flatMap((serving) => serving.bedrockModels ?? []).map((model) => [model.modelId, model]),
  )
  return bedrockModels.get(baseId)
}
