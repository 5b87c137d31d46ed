import { simulateThroughput, type ThroughputSample } from '../../packages/core/src/testing/simulate-throughput.js'
import { answerParent } from '../harness/child.js'
import { meanThroughput } from '../harness/mean-throughput.js'
import { percentile } from '../harness/statistics.js'
import { throughputCase } from '../inputs/throughput-case.js'

/** One run of the client against a profile's servers. */
export interface ThroughputTask {
  readonly profile: string
  /** The first seed of its workloads, and the seed of the servers' speed. */
  readonly workload: number
  readonly seed: number
  /** Of each replica. */
  readonly concurrency: 'adaptive' | number
  /** `either` is a whole answer that the client may fetch as a stream. */
  readonly wanted?: 'stream' | 'whole' | 'either'
  /** Whether answers say how many requests wait in the server. */
  readonly reportsLoad?: boolean
  /** Of each replica, the warm-up included; left out for as many as the profile is measured with. */
  readonly answers?: number | undefined
  /** Whether the run is wanted second by second. */
  readonly wantsSamples?: boolean
}

/** What it came to after the warm-up. */
export interface ThroughputFigures {
  readonly tokensPerSecond: number
  readonly p95FirstTokenMs: number
  /** Attempts that were refused. */
  readonly refused: number
  /** The limits of all replicas together, at the end. */
  readonly limit: number
  /** Where they are wanted. */
  readonly samples: readonly ThroughputSample[]
}

answerParent(async (task: ThroughputTask): Promise<ThroughputFigures> => {
  const { profile, workload, seed, concurrency, wanted = 'stream', reportsLoad = false, wantsSamples = false } = task
  const { measuredFromMs, ...scenario } = throughputCase(profile, workload)
  const answers = task.answers === undefined ? scenario.answers : task.answers * scenario.replicas
  const result = await simulateThroughput({ ...scenario, answers, concurrency, wanted, reportsLoad, seed })
  const { samples, refused } = result
  return {
    tokensPerSecond:
      measuredFromMs === undefined ? result.outputTokensPerSecond : meanThroughput(samples, measuredFromMs),
    p95FirstTokenMs: percentile(result.firstTokenMs, 0.95),
    refused,
    limit: samples.at(-1)?.limit ?? 0,
    samples: wantsSamples ? samples : [],
  }
})
