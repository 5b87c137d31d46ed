// Checks a configuration by GitLab's rules and by two of a company's own: no cloud platform for a secret repository,
// and only models that the company has approved.
//   node --import tsx examples/company-rules/company-rules.ts
import { createRulesEngine, defineModel, defineRule, formatReport, type Rule } from '@duo-models/rules'

/** A rule that keeps the code of a repository out of the clouds. */
function noCloudFor(repository: string): Rule {
  return defineRule({
    id: 'company-no-cloud',
    severity: 'error',
    scope: 'deployment',
    description: `The code of ${repository} stays in our network.`,
    sources: [],
    check: ({ platform }) =>
      platform === 'bedrock' || platform === 'azure-openai'
        ? {
            message: `${repository} must not be served from ${platform}: its code stays in our network.`,
            path: '/platform',
            fix: { description: 'Serve it with vLLM on our own machines.' },
          }
        : undefined,
  })
}

/** A rule that allows some models only. */
function onlyModels(approved: readonly string[]): Rule {
  return defineRule({
    id: 'company-model-not-approved',
    severity: 'error',
    scope: 'deployment',
    description: 'Only approved models run here.',
    sources: [],
    check: ({ model, deployment }) =>
      model !== undefined && approved.includes(model.id)
        ? undefined
        : {
            message: `${deployment.modelName} is not approved. Approved are ${approved.join(', ')}.`,
            path: '/model',
            fix: { description: 'Choose an approved model, or ask for an approval.' },
          },
  })
}

const ownCoder = defineModel({
  id: 'company-coder-7b',
  familyKey: 'general',
  platforms: ['vllm'],
  levels: { 'code-completion': 'full', 'code-generation': 'partial' },
  source: 'our evaluation of 2026',
})

const engine = createRulesEngine({
  models: [ownCoder],
  rules: [noCloudFor('payments/core'), onlyModels(['company-coder-7b', 'mistral-small-24b-instruct-2506'])],
})

const report = engine.checkConfig({
  deployments: {
    code: { platform: 'vllm', model: 'company-coder-7b', endpoint: 'http://gpu-1:8000/v1' },
    chat: {
      platform: 'azure-openai',
      model: 'gpt-4o',
      endpoint: 'https://example.openai.azure.com',
      deployment: 'gpt-4o',
    },
  },
  features: { 'code-completion': 'code', 'duo-chat': 'chat' },
})

console.log(formatReport(report, 'pretty'))
process.exitCode = report.ok ? 0 : 1
