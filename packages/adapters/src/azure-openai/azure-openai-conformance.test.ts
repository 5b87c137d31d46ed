import { describe, expect, it } from 'vitest'
import { azureOpenAIConformanceCases } from '../testing/azure-openai-conformance-cases.js'
import { azureOpenAITarget } from '../testing/connect-azure-openai.js'
import { runAdapterConformance } from '../testing/run-adapter-conformance.js'
import { azureOpenAIAdapter } from './azure-openai-adapter.js'

describe('the Azure OpenAI adapter', () => {
  it.each(azureOpenAIConformanceCases.map((each) => [each.id, each.name, each] as const))(
    '%s: %s',
    { timeout: 60_000 },
    async (_id, _name, conformanceCase) => {
      const { results } = await runAdapterConformance({
        adapter: azureOpenAIAdapter,
        target: (origin) => azureOpenAITarget(origin),
        cases: [conformanceCase],
      })
      expect(results).toEqual([{ id: conformanceCase.id, name: conformanceCase.name, outcome: 'passed', message: '' }])
    },
  )
})
