import type { SimulationOptions } from './create-simulation.js'
import type { SimulatedRequest } from './simulated-request.js'

/** A request and when it is sent. */
export interface SimulatedArrival {
  /** Milliseconds from the start. */
  readonly atMs: number
  readonly request: SimulatedRequest
}

/** A situation to test or to tune against: servers, what happens to them, and who asks them what. */
export interface SimulationProfile {
  /** Lower-case words with dashes, unique. */
  readonly name: string
  /** What happens, and what it is there to show. */
  readonly description: string
  /** The servers and the events in time. */
  readonly options: SimulationOptions
  /** The requests, in the order of their time. The same seed gives the same ones. */
  workload(seed: number): readonly SimulatedArrival[]
}
