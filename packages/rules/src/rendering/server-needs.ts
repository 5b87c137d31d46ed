import type { VllmServer } from './vllm-server.js'

/** Seconds that a server may take to start. */
export function startupSeconds({ weightsGiB }: VllmServer, stated: number | undefined): number {
  if (stated !== undefined) return stated
  const seconds = 300 + 20 * (weightsGiB ?? unknownWeightsGiB)
  return Math.ceil(seconds / 60) * 60
}

// Where nobody knows the size, a model of some 70 billion parameters is allowed for.
const unknownWeightsGiB = 130

/** Size of a volume for the weights, in GiB. */
export function cacheGiB({ weightsGiB }: VllmServer): number {
  return weightsGiB === undefined ? 200 : Math.ceil((weightsGiB * 1.2 + 10) / 10) * 10
}

/** Shared memory for processes that split a model, in GiB. */
export function sharedMemoryGiB({ gpusPerNode }: VllmServer): number {
  return Math.max(2, 2 * gpusPerNode)
}
