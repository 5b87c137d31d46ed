export type { ServingOptions } from '../engine/serving.js'
export type { EngineCounters, EngineLoad, SchedulingPolicy } from '../engine/simulated-engine.js'
export type {
  SimulatedFailure,
  SimulatedReplica,
  SimulatedRequestListener,
  Simulation,
  SimulationOptions,
} from './create-simulation.js'
export { createSimulation } from './create-simulation.js'
export type { LatencyPercentiles, SimulationResult } from './run-simulation-profile.js'
export { runSimulationProfile } from './run-simulation-profile.js'
export type { SimulatedRequest } from './simulated-request.js'
export type {
  CapacityEvent,
  NoisyNeighbourEvent,
  ReplicaDownEvent,
  ReplicaUpEvent,
  SimulationEvent,
} from './simulation-event.js'
export type { SimulatedArrival, SimulationProfile } from './simulation-profile.js'
export { simulationProfiles } from './simulation-profiles.js'
export type { VirtualClock } from './virtual-clock.js'
export { createVirtualClock } from './virtual-clock.js'
