import { type SimulatedRequest, type SimulationOptions, simulationProfiles } from '@duo-models/emulator/simulation'

/** A profile as throughput is measured on it: its requests one after another, whenever there is room for one. */
export interface ThroughputCase {
  readonly options: SimulationOptions
  readonly replicas: number
  readonly requests: readonly SimulatedRequest[]
  /** Answers before measuring begins, and with which it ends. */
  readonly warmUpAnswers: number
  readonly answers: number
  /** It ends by then in any case. */
  readonly maxMs: number
  /** What is measured from a moment on, because something happens at a time: then every setting is measured over the same time. */
  readonly measuredFromMs?: number
}

const requestCount = 10_000
const warmUpAnswers = 200
const answers = 800
/** Something that happens once happens this much later, when every reasonable setting has had its warm-up. */
const delayMs = 60_000
const delayedEndMs = 180_000
const endMs = 3_000_000

/** A profile of the emulator, by name; its workloads from a seed on are joined, and their times left out. */
export function throughputCase(profileName: string, firstWorkload: number): ThroughputCase {
  const profile = simulationProfiles.find(({ name }) => name === profileName)
  if (profile === undefined) throw new RangeError(`There is no profile '${profileName}'.`)
  const { options } = profile
  const { replicas = 1, events = [] } = options
  const requests: SimulatedRequest[] = []
  for (let seed = firstWorkload; requests.length < requestCount; seed += 1)
    for (const { request } of profile.workload(seed)) requests.push(request)
  const common = { replicas, requests, warmUpAnswers: warmUpAnswers * replicas }
  if (!events.some(({ kind }) => kind !== 'noisy-neighbour'))
    return { ...common, options, answers: answers * replicas, maxMs: endMs }
  const later = events.map((event) => ({ ...event, atMs: event.atMs + delayMs }))
  return {
    ...common,
    options: { ...options, events: later },
    answers: Number.POSITIVE_INFINITY,
    maxMs: delayedEndMs,
    measuredFromMs: delayMs,
  }
}
