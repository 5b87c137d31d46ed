import { expect } from 'vitest'
import { askClient } from './ask-client.js'
import type { FaultCase } from './fault-case.js'
import type { OpenFaultClient } from './fault-client.js'
import { questionOf } from './fault-question.js'
import { startFaultServer } from './fault-server.js'
import { judgeFault } from './judge-fault.js'

/** Cases as a table of tests takes them. */
export const named = (cases: readonly FaultCase[]) => cases.map((fault) => [fault.name, fault] as const)

/** Puts our own client through a case: it is held to what all are, and to the code and the partial text of its errors. */
export async function expectPassed(fault: FaultCase, open: OpenFaultClient): Promise<void> {
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
