import { builtInLookup } from '../catalog-lookup.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'
import { bedrockNames } from './bedrock-names.js'
import { problemsAmong } from './problems-among.js'

/** The Bedrock model id belongs to another model than the deployment names. */
export const bedrockModelIdNamesOtherModel = defineRule({
  id: 'bedrock-model-id-names-other-model',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['bedrock'],
  needs: ['model'],
  description: 'The Bedrock model id belongs to another model than the deployment names.',
  sources: [{ source: 'bedrock-model-ids' }],
  check: (context) => {
    const { model, lookup = builtInLookup } = context
    if (model === undefined) return undefined
    return problemsAmong(bedrockNames(context), ({ text, path }) => {
      const named = lookup.findModel(text)
      if (named === undefined || named.id === model.id) return undefined
      return {
        message: `${showValue(text)} is ${named.name}, and the deployment says ${model.name}; it is judged as the latter.`,
        path,
        fix: { description: 'Name the same model in both places.' },
      }
    })
  },
})
