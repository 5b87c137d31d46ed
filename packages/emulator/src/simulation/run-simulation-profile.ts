import { createSimulation, type SimulatedFailure, type SimulatedReplica } from './create-simulation.js'
import type { SimulationProfile } from './simulation-profile.js'

/** Percentiles of a time over the answered requests, in milliseconds; 0 where there are none. */
export interface LatencyPercentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** What came of a profile when its requests were sent as they are, without retries. */
export interface SimulationResult {
  /** Requests sent. */
  readonly requests: number
  /** Requests answered in full. */
  readonly completed: number
  /** Requests that failed, by why. */
  readonly failed: Readonly<Record<SimulatedFailure, number>>
  /** From sending to the first token. */
  readonly timeToFirstTokenMs: LatencyPercentiles
  /** From sending to the last token. */
  readonly endToEndLatencyMs: LatencyPercentiles
  /** Tokens of complete answers, per second of simulated time. */
  readonly outputTokensPerSecond: number
  /** When the last answer ended, in milliseconds of simulated time. */
  readonly durationMs: number
  /** The servers at the end. */
  readonly replicas: readonly SimulatedReplica[]
}

/**
 * Runs a profile to its end. Each request goes to the replica that has the fewest.
 *
 * @param options `seed` decides what is random; default 0
 */
export function runSimulationProfile(
  profile: SimulationProfile,
  { seed = 0 }: { readonly seed?: number | undefined } = {},
): SimulationResult {
  const simulation = createSimulation({ ...profile.options, seed })
  const { clock } = simulation
  const arrivals = profile.workload(seed)
  const failed = { rejected: 0, 'replica-down': 0 }
  const firstTokenMs: number[] = []
  const endToEndMs: number[] = []
  let outputTokens = 0
  let durationMs = 0
  for (const { atMs, request } of arrivals) {
    clock.setTimer(atMs, () => {
      let timeToFirstTokenMs = 0
      simulation.submit(request, {
        onFirstToken: (timeMs) => {
          timeToFirstTokenMs = timeMs - atMs
        },
        onDone: (timeMs) => {
          firstTokenMs.push(timeToFirstTokenMs)
          endToEndMs.push(timeMs - atMs)
          outputTokens += request.outputTokens
          durationMs = timeMs
        },
        onFailed: (failure) => {
          failed[failure] += 1
        },
      })
    })
  }
  clock.run()
  return {
    requests: arrivals.length,
    completed: endToEndMs.length,
    failed,
    timeToFirstTokenMs: percentiles(firstTokenMs),
    endToEndLatencyMs: percentiles(endToEndMs),
    outputTokensPerSecond: durationMs === 0 ? 0 : (outputTokens * 1000) / durationMs,
    durationMs,
    replicas: simulation.replicas(),
  }
}

function percentiles(values: readonly number[]): LatencyPercentiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
