import { type FaultCase, type FaultLimits, hangMs } from './fault-case.js'
import type { FaultClient, OpenFaultClient } from './fault-client.js'
import { describeError, type FaultOutcome } from './fault-outcome.js'

/** What a client is asked; plain data, because it goes to another process. */
export interface FaultQuestion {
  /** Scheme, host and port. */
  readonly origin: string
  readonly kind: FaultCase['kind']
  readonly calls: number
  readonly promptCharacters: number
  readonly limits: FaultLimits
}

/** Asks a new client, and waits no longer than a call may take. */
export async function askClient(open: OpenFaultClient, question: FaultQuestion): Promise<FaultOutcome> {
  const client = await open(question.origin, question.limits)
  let timer: NodeJS.Timeout | undefined
  const hang = new Promise<FaultOutcome>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: 'hang' }), hangMs * question.calls)
  })
  const outcome = await Promise.race([answerOf(client, question), hang])
  clearTimeout(timer)
  if (outcome.outcome !== 'hang') await client.close()
  return outcome
}

async function answerOf(client: FaultClient, { kind, calls, promptCharacters }: FaultQuestion): Promise<FaultOutcome> {
  const prompt = 'What is a merge request? '.padEnd(promptCharacters, 'x')
  let outcome: FaultOutcome = { outcome: 'hang' }
  for (let call = 0; call < calls; call++)
    try {
      outcome = { outcome: 'answer', text: await client[kind](prompt) }
    } catch (error) {
      outcome = describeError(error)
    }
  return outcome
}
