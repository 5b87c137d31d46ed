import { createSimulation } from '@duo-models/emulator/simulation'
import { catalog, type ResponseTime } from '@duo-models/rules'
import { responseLengths } from '../inputs/response-lengths.js'

export { runSimulationProfile, simulationProfiles } from '@duo-models/emulator/simulation'

/** Figures of one burst, in the words of the documented rows. */
export type BurstFigures = Pick<
  ResponseTime,
  'secondsPerRequest' | 'tokensPerSecondPerRequest' | 'totalSeconds' | 'totalTokensPerSecond'
>

/** What the documented prompts are taken to have had; the documentation does not say. */
const promptTokens = 100

/** The documented rows, each with what the simulated server makes of it. */
export function simulatedRows(): readonly { readonly row: ResponseTime; readonly simulated: BurstFigures }[] {
  return catalog.responseTimes.map((row) => ({ row, simulated: simulateBurst(row) }))
}

/** Sends all requests of a row at once, as they were measured. */
function simulateBurst({ machine: size, model, requests, tokensPerResponse }: ResponseTime): BurstFigures {
  const machine = catalog.responseTimeMachines.find((known) => known.size === size)?.candidates[0]
  const simulation = createSimulation({ machine, model })
  const lengths = responseLengths(tokensPerResponse, requests)
  const seconds: number[] = []
  const rates: number[] = []
  for (const outputTokens of lengths)
    simulation.submit(
      { promptTokens, outputTokens },
      {
        onDone(timeMs) {
          seconds.push(timeMs / 1000)
          rates.push((outputTokens * 1000) / timeMs)
        },
      },
    )
  simulation.clock.run()
  const totalSeconds = Math.max(...seconds)
  return {
    secondsPerRequest: mean(seconds),
    tokensPerSecondPerRequest: mean(rates),
    totalSeconds,
    totalTokensPerSecond: lengths.reduce((sum, length) => sum + length, 0) / totalSeconds,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** How much work a stretch of simulation was, and what it cost. */
export interface SimulationCost {
  readonly requests: number
  readonly outputTokens: number
  readonly cpuSeconds: number
}

/** A server that always has `concurrency` requests in it, each `outputTokens` long, for `tokens` tokens in all. */
export function simulateLoad(concurrency: number, outputTokens: number, tokens: number): SimulationCost {
  const simulation = createSimulation()
  const requests = Math.ceil(tokens / outputTokens)
  let left = requests
  const send = () => {
    if (left === 0) return
    left -= 1
    simulation.submit({ promptTokens: 500, outputTokens }, { onDone: send })
  }
  const start = process.cpuUsage()
  for (let index = 0; index < concurrency; index += 1) send()
  simulation.clock.run()
  const { user, system } = process.cpuUsage(start)
  return { requests, outputTokens, cpuSeconds: (user + system) / 1e6 }
}
