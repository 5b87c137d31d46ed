import { describe, expect, it } from 'vitest'
import { askClient } from './ask-client.js'
import { openDuoModels } from './clients/duo-models.js'
import type { FaultCase } from './fault-case.js'
import { faultCases } from './fault-cases.js'
import { questionOf } from './fault-question.js'
import { startFaultServer } from './fault-server.js'
import { judgeFault } from './judge-fault.js'

describe.each(Object.entries(faultCases))('a server with faults: %s', (_section, cases) => {
  it.concurrent.each(cases.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    const { outcome, judgement } = await runCase(fault)
    expect(judgement).toEqual({ verdict: 'passed', reason: '' })
    if (outcome.outcome !== 'error' || fault.expected.outcome === 'answer') return
    expect(fault.expected.codes).toContain(outcome.code)
    if ('partialText' in fault.expected) expect(outcome.partialText).toBe(fault.expected.partialText)
  })
})

async function runCase(fault: FaultCase) {
  const server = await startFaultServer(fault.serve())
  try {
    const outcome = await askClient(openDuoModels, questionOf(fault, server))
    return { outcome, judgement: judgeFault(fault, outcome, server) }
  } finally {
    await server.close()
  }
}
