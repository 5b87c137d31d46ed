import { describe, expect, it } from 'vitest'
import { adapterConformanceCases } from '../testing/adapter-conformance-cases.js'
import { runAdapterConformance } from '../testing/run-adapter-conformance.js'
import { vllmAdapter } from './vllm-adapter.js'

describe('the vLLM adapter', () => {
  it.each(adapterConformanceCases.map((each) => [each.id, each.name, each] as const))(
    '%s: %s',
    { timeout: 60_000 },
    async (_id, _name, conformanceCase) => {
      const { results } = await runAdapterConformance({ adapter: vllmAdapter, cases: [conformanceCase] })
      expect(results).toEqual([{ id: conformanceCase.id, name: conformanceCase.name, outcome: 'passed', message: '' }])
    },
  )
})
