import { type Child, startChild } from '../harness/child.js'
import type { FaultReport } from './clients/serve-fault-client.js'
import type { FaultCase } from './fault-case.js'
import { questionOf } from './fault-question.js'
import { startFaultServer } from './fault-server.js'
import { type FaultJudgement, judgeFault } from './judge-fault.js'

/** A case and how a client fared in it. */
export interface FaultResult extends FaultJudgement {
  readonly fault: FaultCase
}

/** Calls that stall cost no CPU time, so several wait at once. */
const processes = 12
/** More than any call here needs: the bodies that are worth reading have a mebibyte. */
const maxResidentBytes = 200 * 1024 * 1024

/** Puts a client through all cases, each with a server of its own; a process that ends is replaced. */
export async function runFaultCases(
  program: string,
  client: string,
  cases: readonly FaultCase[],
): Promise<readonly FaultResult[]> {
  // Some clients print what they cannot read.
  const start = () => startChild(program, [client], { isShown: false })
  const results = new Map<FaultCase, FaultResult>()
  const waiting = cases.filter(({ isFlood }) => !isFlood)[Symbol.iterator]()
  const work = async () => {
    let child = start()
    for (const fault of waiting) {
      const { judgement, hasEnded } = await runCase(child, fault)
      results.set(fault, { fault, ...judgement })
      // After a hang the process still holds what hangs.
      if (hasEnded || judgement.verdict === 'hang') {
        await child.stop()
        child = start()
      }
    }
    await child.stop()
  }
  await Promise.all(Array.from({ length: processes }, work))
  for (const fault of cases.filter(({ isFlood }) => isFlood)) {
    const child = start()
    const { judgement } = await runCase(child, fault)
    results.set(fault, { fault, ...judgement })
    await child.stop()
  }
  return cases.map((fault) => results.get(fault) as FaultResult)
}

async function runCase(child: Child, fault: FaultCase): Promise<{ judgement: FaultJudgement; hasEnded: boolean }> {
  const server = await startFaultServer(fault.serve())
  try {
    const report = (await child.ask(questionOf(fault, server))) as FaultReport
    return { judgement: judgeReport(fault, report) ?? judgeFault(fault, report.outcome, server), hasEnded: false }
  } catch (error) {
    return { judgement: { verdict: 'crash', reason: error instanceof Error ? error.message : '' }, hasEnded: true }
  } finally {
    await server.close()
  }
}

function judgeReport({ isFlood = false }: FaultCase, report: FaultReport): FaultJudgement | undefined {
  const { unhandled, residentBytes } = report
  if (unhandled !== undefined) return { verdict: 'crash', reason: unhandled }
  if (!isFlood || residentBytes <= maxResidentBytes) return undefined
  return { verdict: 'memory', reason: `${Math.round(residentBytes / 1024 / 1024)} MiB more` }
}
