import { checkConfig } from '../check-config.js'
import type { Finding } from '../finding.js'
import type { MemoryEstimate } from '../sizing/memory-estimate.js'
import type { PerformancePrediction } from '../sizing/performance-prediction.js'
import type { DeploymentPlan } from './deployment-plan.js'
import { documentedMinimum } from './documented-minimum.js'
import type { Fleet } from './fleet.js'
import { planConfiguration } from './plan-configuration.js'
import type { PlanInput } from './plan-input.js'
import type { PlannableModel } from './plan-models.js'
import { planRelease } from './plan-release.js'
import type { Workload } from './plan-workload.js'
import { gpusOf } from './replica-layout.js'

const bytesPerGiB = 2 ** 30

/** Writes a fleet out as a plan. */
export function assemblePlan(
  fleet: Fleet,
  rank: number,
  { architecture, model }: PlannableModel,
  input: PlanInput,
  workload: Workload,
): DeploymentPlan {
  const { replica, replicas, performance, totalGpus, machineCount, cost } = fleet
  const { layout, memory } = replica
  const { node } = layout
  const { settings } = memory
  const servedModelName = input.servedModelName ?? model?.id ?? architecture.name
  const release = planRelease(model, input.release)
  const configuration = planConfiguration(fleet, model, servedModelName, release.version, input.features)
  const minimum = documentedMinimum(model, node.gpu, gpusOf(layout))
  return {
    rank,
    model: model?.id ?? architecture.name,
    ...(model?.huggingFaceId === undefined ? {} : { huggingFaceId: model.huggingFaceId }),
    servedModelName,
    ...(node.machine === undefined ? {} : { machine: node.machine.id }),
    machineCount,
    gpu: node.gpu.id,
    gpusPerNode: layout.nodes === 1 ? gpusOf(layout) : layout.tensorParallelSize,
    nodesPerReplica: layout.nodes,
    replicas,
    totalGpus,
    relativeCost: cost,
    tensorParallelSize: settings.tensorParallelSize,
    pipelineParallelSize: settings.pipelineParallelSize,
    maxModelLength: settings.maxModelLength,
    maxNumSeqs: settings.maxNumSeqs,
    maxNumBatchedTokens: settings.maxNumBatchedTokens,
    gpuMemoryUtilization: settings.gpuMemoryUtilization,
    dtype: settings.dtype,
    ...(settings.quantization === undefined ? {} : { quantization: settings.quantization }),
    kvCacheDtype: settings.kvCacheDtype,
    vllmVersion: settings.vllmVersion,
    headroomGiB: headroomOf(memory, performance),
    memory,
    performance,
    ...(minimum === undefined ? {} : { documentedMinimum: minimum }),
    findings: [
      ...workload.assumptions,
      ...release.findings,
      ...targetDoubts(performance, workload),
      ...memory.findings,
      ...performance.findings,
      ...checkConfig(configuration).findings,
    ],
    configuration,
    sources: distinct([...memory.sources, ...performance.sources]),
  }
}

/** Cache that is left beside what the mean workload holds. */
function headroomOf(memory: MemoryEstimate, { workload, runningLimit }: PerformancePrediction): number {
  const { concurrency, promptTokens, outputTokens } = workload
  const heldTokens = Math.min(concurrency, runningLimit) * (promptTokens + outputTokens)
  return memory.perGpu.kvCacheGiB - (heldTokens * memory.kvCacheBytesPerToken) / bytesPerGiB
}

function targetDoubts(performance: PerformancePrediction, workload: Workload): Finding[] {
  const targets = [
    ['timeToFirstTokenMs', workload.timeToFirstTokenMs],
    ['interTokenLatencyMs', workload.interTokenLatencyMs],
  ] as const
  return targets.flatMap(([name, target]) => {
    const { high } = performance.interval[name]
    if (target === undefined || high <= target) return []
    const message = `The estimate meets the target of ${target} ms for ${name}, but its interval reaches ${Math.round(high)} ms: measure before you promise it.`
    return [{ rule: 'target-uncertain', severity: 'warning' as const, path: `/${name}`, message, sources: [] }]
  })
}

function distinct(sources: DeploymentPlan['sources']): DeploymentPlan['sources'] {
  const seen = new Set<string>()
  return sources.filter(({ source, heading = '' }) => {
    const key = `${source}\n${heading}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
