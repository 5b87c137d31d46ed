import { answerParent } from '../../harness/child.js'
import { askClient, type FaultQuestion } from '../ask-client.js'
import type { OpenFaultClient } from '../fault-client.js'
import { describeError, type FaultOutcome } from '../fault-outcome.js'

/** What a client made of a case, and what that did to its process. */
export interface FaultReport {
  readonly outcome: FaultOutcome
  /** How far the memory of the process rose above what it was before, in bytes. */
  readonly residentBytes: number
  /** What was thrown or rejected with nobody waiting for it. */
  readonly unhandled: string | undefined
}

/** In a process of its own: puts the client that the command line names through one case after the other. */
export async function serveFaultClient(
  loaders: Readonly<Record<string, () => Promise<OpenFaultClient>>>,
): Promise<void> {
  const name = process.argv[2] ?? ''
  const open = await loaders[name]?.()
  if (open === undefined)
    throw new Error(`No client is called '${name}'. Known are: ${Object.keys(loaders).join(', ')}.`)
  let unhandled: string | undefined
  const note = (error: unknown) => {
    unhandled ??= describeError(error).shown.split('\n')[0] ?? ''
  }
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  answerParent(async (question: FaultQuestion): Promise<FaultReport> => {
    unhandled = undefined
    const before = process.memoryUsage.rss()
    const outcome = await askClient(open, question)
    // A rejection nobody waits for is told in a later turn.
    await new Promise((resolve) => setTimeout(resolve, 20))
    const highest = process.resourceUsage().maxRSS * 1024
    return { outcome, residentBytes: highest - before, unhandled }
  })
}
