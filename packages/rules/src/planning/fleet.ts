import type { PerformancePrediction } from '../sizing/performance-prediction.js'
import { predictPerformance } from '../sizing/predict-performance.js'
import type { Hardware } from './plan-hardware.js'
import type { Workload } from './plan-workload.js'
import { gpusOf, type ReplicaLayout } from './replica-layout.js'
import type { SizedReplica } from './sized-replica.js'

/** Copies of a model that carry a workload together. */
export interface Fleet {
  readonly replica: SizedReplica
  readonly replicas: number
  /** Of one copy under its share. */
  readonly performance: PerformancePrediction
  /** Machines, or GPUs where no machine was named, that have to be there. */
  readonly totalGpus: number
  readonly machineCount: number
  readonly cost: number
}

/** Share of its capacity that a copy is planned to use, so that a busy minute does not fill its queue. */
const plannedUtilisation = 0.8

/** The fewest copies that carry the workload and meet its targets; otherwise why no number of them does. */
export function scaleFleet(
  replica: SizedReplica,
  workload: Workload,
  hardware: Hardware,
): Fleet | { readonly reason: string } {
  const most = mostReplicas(replica.layout, hardware)
  if (most === 0) return { reason: `It takes more GPUs than the ${hardware.gpuCount} that there are.` }
  const predict = (replicas: number) => predictShare(replica, workload, replicas)
  const alone = predict(1)
  const least = leastReplicas(alone, workload)
  if (least <= most) {
    const first = least === 1 ? alone : predict(least)
    if (isEnough(first, workload)) return fleetOf(replica, least, first)
  }
  const atMost = most === 1 ? alone : predict(most)
  if (least > most || !isEnough(atMost, workload)) return { reason: shortfall(atMost, workload, most) }
  const replicas = fewest(least, most, (count) => isEnough(predict(count), workload))
  return fleetOf(replica, replicas, predict(replicas))
}

function predictShare(replica: SizedReplica, workload: Workload, replicas: number): PerformancePrediction {
  const { promptTokens, outputTokens, requestsPerSecond, concurrency = 1 } = workload
  const lengths = { promptTokens, outputTokens }
  if (requestsPerSecond === undefined)
    return predictPerformance({ ...replica.settings, ...lengths, concurrency: Math.ceil(concurrency / replicas) })
  return predictPerformance({
    ...replica.settings,
    ...lengths,
    requestsPerSecond: requestsPerSecond / replicas,
    basisPreference: 'model',
  })
}

function leastReplicas(alone: PerformancePrediction, { requestsPerSecond, concurrency = 1 }: Workload): number {
  if (requestsPerSecond === undefined) return Math.ceil(concurrency / alone.runningLimit)
  return Math.max(1, Math.ceil(requestsPerSecond / (alone.capacityRequestsPerSecond * plannedUtilisation)))
}

function isEnough(performance: PerformancePrediction, { timeToFirstTokenMs, interTokenLatencyMs }: Workload): boolean {
  if (performance.saturated) return false
  if (timeToFirstTokenMs !== undefined && performance.timeToFirstTokenMs > timeToFirstTokenMs) return false
  return interTokenLatencyMs === undefined || performance.interTokenLatencyMs <= interTokenLatencyMs
}

function shortfall(performance: PerformancePrediction, workload: Workload, replicas: number): string {
  const copies = `${replicas} ${replicas === 1 ? 'copy' : 'copies'}`
  const { timeToFirstTokenMs = Number.POSITIVE_INFINITY, interTokenLatencyMs = Number.POSITIVE_INFINITY } = workload
  if (!performance.saturated && performance.timeToFirstTokenMs > timeToFirstTokenMs)
    return `With ${copies} the first token takes ${Math.round(performance.timeToFirstTokenMs)} ms, more than ${timeToFirstTokenMs} ms.`
  if (!performance.saturated && performance.interTokenLatencyMs > interTokenLatencyMs)
    return `With ${copies} a token takes ${performance.interTokenLatencyMs.toFixed(1)} ms, more than ${interTokenLatencyMs} ms.`
  return `The workload is more than ${copies} can serve: ${performance.capacityRequestsPerSecond.toPrecision(3)} requests per second and ${performance.runningLimit} at once for each.`
}

/** The smallest count above `least` and up to `most` that is enough, given that `most` is. */
function fewest(least: number, most: number, isEnoughWith: (count: number) => boolean): number {
  let low = least
  let high = most
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2)
    if (isEnoughWith(middle)) high = middle
    else low = middle
  }
  return high
}

function mostReplicas(layout: ReplicaLayout, { gpuCount, maxReplicas }: Hardware): number {
  const { node, nodes } = layout
  if (node.machine === undefined) return Math.min(maxReplicas, Math.floor(gpuCount / gpusOf(layout)))
  const machines = Math.floor(gpuCount / node.gpuCount)
  const fitting = nodes > 1 ? Math.floor(machines / nodes) : machines * Math.floor(node.gpuCount / gpusOf(layout))
  return Math.min(maxReplicas, fitting)
}

function fleetOf(replica: SizedReplica, replicas: number, performance: PerformancePrediction): Fleet {
  const { layout } = replica
  const { node, nodes } = layout
  const machineCount = nodes > 1 ? replicas * nodes : Math.ceil(replicas / Math.floor(node.gpuCount / gpusOf(layout)))
  // A machine is paid for as a whole; GPUs without one are counted one by one.
  const totalGpus = node.machine === undefined ? replicas * gpusOf(layout) : machineCount * node.gpuCount
  return { replica, replicas, performance, totalGpus, machineCount, cost: totalGpus * node.costPerGpu }
}
