import { createRandom, type Random } from '../random.js'
import type { SimulatedRequest } from './simulated-request.js'
import type { SimulatedArrival } from './simulation-profile.js'

/** One kind of request in a mix. */
export interface RequestKind {
  /** How often it comes, relative to the others. */
  readonly weight: number
  /** Makes one. */
  readonly request: (random: Random) => SimulatedRequest
}

/** Requests that arrive at random moments, independently of one another and of the answers. */
export interface OpenWorkload {
  /** Mean number of requests per second. */
  readonly requestsPerSecond: number
  /** When the last ones are sent, in milliseconds. */
  readonly durationMs: number
  readonly kinds: readonly [RequestKind, ...RequestKind[]]
}

/** The arrivals of a workload: the same for the same seed. */
export function openWorkload({ requestsPerSecond, durationMs, kinds }: OpenWorkload, seed: number): SimulatedArrival[] {
  const random = createRandom('workload', seed)
  const arrivals: SimulatedArrival[] = []
  const meanGapMs = 1000 / requestsPerSecond
  const nextGapMs = () => -Math.log(1 - random.next()) * meanGapMs
  for (let atMs = nextGapMs(); atMs < durationMs; atMs += nextGapMs())
    arrivals.push({ atMs, request: pickKind(kinds, random).request(random) })
  return arrivals
}

function pickKind(kinds: OpenWorkload['kinds'], random: Random): RequestKind {
  let left = random.next() * kinds.reduce((sum, { weight }) => sum + weight, 0)
  for (const kind of kinds) {
    left -= kind.weight
    if (left < 0) return kind
  }
  return kinds[0]
}

/** A whole number around a mean, normally distributed, between half of it and twice as much. `spread` is the share of the mean that one standard deviation is. */
export function lengthAround(mean: number, spread: number, random: Random): number {
  // Box and Muller; 1 − u is never 0.
  const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
  return Math.round(Math.min(2 * mean, Math.max(mean / 2, mean * (1 + spread * normal))))
}
