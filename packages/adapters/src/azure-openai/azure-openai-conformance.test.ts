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
      const { id, name } = conformanceCase
      // It has no raw prompts, so there is nothing to share.
      const expected = id.startsWith('shared-')
        ? { outcome: 'skipped', message: expect.stringContaining('no streamMany()') }
        : { outcome: 'passed', message: '' }
      expect(results).toEqual([{ id, name, ...expected }])
    },
  )
})
