import { jsonPointer } from '../json-pointer.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { bareName } from './bedrock-names.js'

/** The name for the platform carries the provider of a GitLab identifier, which the platform does not know. */
export const servedNameHasProvider = defineRule({
  id: 'served-name-has-provider',
  severity: 'error',
  scope: 'deployment',
  platforms: ['bedrock', 'azure-openai'],
  description:
    'The name for the platform carries the provider of a GitLab identifier, which the platform does not know.',
  sources: [{ source: 'configuration-page' }],
  check: ({ platform, settings }) => {
    const key = platform === 'bedrock' ? 'modelId' : 'deployment'
    const name = platform === 'bedrock' || platform === 'azure-openai' ? settings[key] : undefined
    if (typeof name !== 'string') return undefined
    const bare =
      platform === 'bedrock' ? bareName(name) : name.startsWith('azure/') ? name.slice('azure/'.length) : name
    if (bare === name || bare === '') return undefined
    return {
      message: `${key} is ${showValue(name)}; what stands in front of ${showValue(bare)} belongs into identifier only.`,
      path: jsonPointer([key]),
      fix: { description: 'Take it off.', patch: [{ op: 'replace', path: jsonPointer([key]), value: bare }] },
    }
  },
})
