import { geographyFits, geographyOfRegion, regionsWithoutProfiles } from '../bedrock-model-name.js'
import type { Problem } from '../rule.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { type BedrockName, bedrockNames } from './bedrock-names.js'
import { problemsAmong } from './problems-among.js'

/** The inference profile or ARN belongs to another geography than the AWS Region. */
export const bedrockRegionPrefixMismatch = defineRule({
  id: 'bedrock-region-prefix-mismatch',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['bedrock'],
  description: 'The inference profile or ARN belongs to another geography than the AWS Region.',
  sources: [{ source: 'configuration-page' }],
  check: (context) => {
    const region = context.settings['region']
    return typeof region === 'string'
      ? problemsAmong(bedrockNames(context), (name) => objection(name, region))
      : undefined
  },
})

function objection(name: BedrockName, region: string): Problem | undefined {
  const { geography, arnRegion, baseId, path } = name
  if (arnRegion !== undefined && arnRegion !== region)
    return {
      message: `The ARN lies in ${arnRegion}, and the Region is ${showValue(region)}.`,
      path,
      fix: { description: 'Use an ARN of the Region, or the Region of the ARN.' },
    }
  if (arnRegion !== undefined || geography === undefined || baseId === undefined) return undefined
  if (regionsWithoutProfiles.has(region) && geography !== 'global')
    return {
      message: `The documented example for ${region} names the base model id, without ${geography}. in front.`,
      path,
      fix: name.replaceBy(baseId, `Name ${baseId}.`),
    }
  if (geographyFits(geography, region) !== false) return undefined
  const right = geographyOfRegion(region)
  return {
    message: `${geography}. is the inference profile of another geography than that of the Region ${showValue(region)}.`,
    path,
    fix:
      right === undefined
        ? { description: 'Name the inference profile of the Region, or a global one.' }
        : name.replaceBy(
            `${right}.${baseId}`,
            `Name the inference profile ${right}.${baseId}, where Bedrock offers it.`,
          ),
  }
}
