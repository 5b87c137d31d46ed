import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The AWS Region is not of the form that Regions have. */
export const awsRegionMalformed = defineRule({
  id: 'aws-region-malformed',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock'],
  description: 'The AWS Region is not of the form that Regions have.',
  sources: [{ source: 'bedrock-model-ids' }],
  check: ({ platform, settings }) => {
    const region = settings['region']
    if (platform !== 'bedrock' || typeof region !== 'string' || wellFormed.test(region)) return undefined
    const corrected = /^([a-z]{2}(?:-[a-z]+)+-\d+)[a-z]?$/.exec(region.toLowerCase())?.[1]
    return {
      message: `${showValue(region)} is no AWS Region; one looks like us-east-1.`,
      path: '/region',
      fix:
        corrected === undefined
          ? { description: 'Write the id of the Region, not its name.' }
          : { description: `Write ${corrected}.`, patch: [{ op: 'replace', path: '/region', value: corrected }] },
    }
  },
})

const wellFormed = /^[a-z]{2}(?:-[a-z]+)+-\d+$/
