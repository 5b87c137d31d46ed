import { RunnableLambda } from '@langchain/core/runnables'
import PQueue from 'p-queue'
import { answerParent } from '../harness/child.js'
import { type BacklogFigures, SimulatedBacklog } from '../inputs/simulated-backlog.js'
import { throughputCase } from '../inputs/throughput-case.js'

/** What works off a backlog. */
export type QueueLibrary = 'p-queue' | 'LangChain .batch' | 'Promise.all'

/** One run of a library against a profile's servers. */
export interface QueueLibraryTask {
  readonly library: QueueLibrary
  readonly profile: string
  readonly workload: number
  readonly seed: number
  /** For each replica; left out for the library's default. */
  readonly concurrency?: number
}

type WorkOff = (backlog: SimulatedBacklog, concurrency: number | undefined) => unknown

// The end of a run comes before that of the backlog, so nobody waits for what these return.
const libraries: Readonly<Record<QueueLibrary, WorkOff>> = {
  'p-queue': ({ numbers, ask }, concurrency = Number.POSITIVE_INFINITY) => {
    const queue = new PQueue({ concurrency })
    for (const number of numbers) void queue.add(() => ask(number))
  },
  'LangChain .batch': ({ numbers, ask }, concurrency) =>
    new RunnableLambda({ func: ask }).batch(numbers, concurrency === undefined ? {} : { maxConcurrency: concurrency }),
  'Promise.all': ({ numbers, ask }) => Promise.all(numbers.map(ask)),
}

answerParent((task: QueueLibraryTask): Promise<BacklogFigures> => {
  const { library, profile, workload, seed, concurrency } = task
  const given = throughputCase(profile, workload)
  return new SimulatedBacklog(given, seed).measure((backlog) =>
    libraries[library](backlog, concurrency === undefined ? undefined : concurrency * given.replicas),
  )
})
