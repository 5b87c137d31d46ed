import { describe, expect, it } from 'vitest'
import type { AdapterTarget } from '../adapter.js'
import { bedrockConformanceCases } from '../testing/bedrock-conformance-cases.js'
import { runAdapterConformance } from '../testing/run-adapter-conformance.js'
import { bedrockAdapter } from './bedrock-adapter.js'

function target(origin: string): AdapterTarget {
  return {
    deployment: 'conformance',
    model: 'claude-3.5-sonnet',
    servedModelName: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
    endpoint: origin,
    apiKey: 'conformance-key',
    settings: { region: 'us-east-1' },
  }
}

describe('the Bedrock adapter', () => {
  it.each(bedrockConformanceCases.map((each) => [each.id, each.name, each] as const))(
    '%s: %s',
    { timeout: 60_000 },
    async (_id, _name, conformanceCase) => {
      const { results } = await runAdapterConformance({ adapter: bedrockAdapter, target, cases: [conformanceCase] })
      expect(results).toEqual([{ id: conformanceCase.id, name: conformanceCase.name, outcome: 'passed', message: '' }])
    },
  )
})
