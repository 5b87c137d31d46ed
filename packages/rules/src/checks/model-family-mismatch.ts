import { defineRule } from '../rule.js'

/** The model is registered under a family that is not its own, and gets the prompts of another model. */
export const modelFamilyMismatch = defineRule({
  id: 'model-family-mismatch',
  severity: 'warning',
  scope: 'deployment',
  needs: ['model', 'modelFamily'],
  description: 'The model is registered under a family that is not its own, and gets the prompts of another model.',
  sources: [{ source: 'ai-gateway' }],
  check: ({ settings, model }) => {
    const { modelFamily } = settings
    if (modelFamily === undefined || model === undefined || modelFamily === model.familyKey) return undefined
    // Any OpenAI-compatible model may be registered as general.
    if (modelFamily === 'general') return undefined
    return {
      message: `modelFamily is ${modelFamily}; ${model.name} belongs to ${model.familyKey}, whose prompts are made for it.`,
      path: '/modelFamily',
      fix: {
        description: `Set modelFamily to ${model.familyKey}.`,
        patch: [{ op: 'replace', path: '/modelFamily', value: model.familyKey }],
      },
    }
  },
})
