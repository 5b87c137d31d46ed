import { describe, expect, it } from 'vitest'
import { askClient } from './ask-client.js'
import { bedrockFaults } from './bedrock-faults.js'
import { openDuoModels } from './clients/duo-models.js'
import { openDuoModelsOnBedrock } from './clients/duo-models-on-bedrock.js'
import type { FaultCase } from './fault-case.js'
import { faultCases } from './fault-cases.js'
import type { OpenFaultClient } from './fault-client.js'
import { questionOf } from './fault-question.js'
import { startFaultServer } from './fault-server.js'
import { judgeFault } from './judge-fault.js'

describe.each(Object.entries(faultCases))('a server with faults: %s', (_section, cases) => {
  it.concurrent.each(cases.map((fault) => [fault.name, fault] as const))('%s', (_name, fault) =>
    expectPassed(fault, openDuoModels),
  )
})

describe('a server with faults: Bedrock', () => {
  it.concurrent.each(bedrockFaults.map((fault) => [fault.name, fault] as const))('%s', (_name, fault) =>
    expectPassed(fault, openDuoModelsOnBedrock),
  )
})

async function expectPassed(fault: FaultCase, open: OpenFaultClient): Promise<void> {
  const server = await startFaultServer(fault.serve())
  try {
    const outcome = await askClient(open, questionOf(fault, server))
    expect(judgeFault(fault, outcome, server)).toEqual({ verdict: 'passed', reason: '' })
    if (outcome.outcome !== 'error' || fault.expected.outcome === 'answer') return
    expect(fault.expected.codes).toContain(outcome.code)
    if ('partialText' in fault.expected) expect(outcome.partialText).toBe(fault.expected.partialText)
  } finally {
    await server.close()
  }
}
