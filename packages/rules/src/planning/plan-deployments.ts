import { catalog } from '../catalog/catalog.js'
import type { Machine } from '../catalog/hardware.js'
import { checkKnownKeys } from '../sizing/check-known-keys.js'
import { checkWholeNumber } from '../sizing/check-number.js'
import { SizingInputError } from '../sizing/sizing-input-error.js'
import { assemblePlan } from './assemble-plan.js'
import type { DeploymentPlan } from './deployment-plan.js'
import { documentedMinimum } from './documented-minimum.js'
import { type Fleet, scaleFleet } from './fleet.js'
import { type Hardware, hasBaseSystem, readHardware } from './plan-hardware.js'
import type { PlanInput } from './plan-input.js'
import { type PlannableModel, plannableModels } from './plan-models.js'
import { readWorkload, type Workload } from './plan-workload.js'
import { gpusOf, multiNodeLayouts, type ReplicaLayout, singleNodeLayouts } from './replica-layout.js'
import { type ReplicaQuestion, sizeReplica } from './sized-replica.js'

/** A layout that was tried in vain. */
export interface RejectedLayout {
  /** Catalog id of the model, or the name of the architecture. */
  readonly model: string
  /** Catalog id of the machine; absent where only GPUs were named. */
  readonly machine?: string
  /** Catalog id of the GPU. */
  readonly gpu: string
  readonly tensorParallelSize: number
  readonly pipelineParallelSize: number
  /** Why not. */
  readonly reason: string
}

/** Plans, and what was tried beside them. */
export interface DeploymentPlanning {
  /** Cheapest first; of the best model first where features were asked for. */
  readonly plans: readonly DeploymentPlan[]
  /** Every layout that cannot serve the workload, with its reason. */
  readonly rejected: readonly RejectedLayout[]
}

/**
 * Ways to serve a model for a workload, cheapest first: GPU, count, tensor parallel size, copies, flags, memory, expected
 * latency and throughput, and the documented minimum beside the estimate. With `features`, the plans of the model that
 * serves them best come first. Empty where nothing serves the workload: {@link explainPlans} says why.
 * @throws SizingInputError for an unknown model, GPU or machine, a number out of range, and a missing workload
 */
export function planDeployments(input: PlanInput): readonly DeploymentPlan[] {
  return explainPlans(input).plans
}

/**
 * The plans of {@link planDeployments}, and why every other layout is none.
 * @throws SizingInputError as `planDeployments` does
 */
export function explainPlans(input: PlanInput): DeploymentPlanning {
  checkKnownKeys(input, inputKeys)
  const limit = checkWholeNumber(input.limit ?? 10, { field: 'limit', least: 1, largest: 1_000 })
  const workload = readWorkload(input)
  const hardware = readHardware(input)
  const candidates: Candidate[] = []
  const rejected: RejectedLayout[] = []
  for (const model of plannableModels(input)) {
    const maxModelLength = lengthFor(model, input, workload)
    const question = { input, workload, architecture: model.architecture, maxModelLength }
    const accept = (fleet: Fleet) => candidates.push({ fleet, model })
    tryMachines({ model, question, hardware }, accept, rejected)
  }
  candidates.sort(byMeritThenCost)
  const plans = candidates
    .slice(0, limit)
    .map(({ fleet, model }, index) => assemblePlan(fleet, index + 1, model, input, workload))
  return { plans, rejected }
}

interface Candidate {
  readonly fleet: Fleet
  readonly model: PlannableModel
}

interface Attempt {
  readonly model: PlannableModel
  readonly question: ReplicaQuestion
  readonly hardware: Hardware
}

/** Tries every layout within one machine, and several machines only where the model fits into none. */
function tryMachines(attempt: Attempt, accept: (fleet: Fleet) => void, rejected: RejectedLayout[]): void {
  const { model, hardware } = attempt
  const single = hardware.nodes.flatMap((node) => singleNodeLayouts(node, model.architecture))
  const starts = single.map((layout) => tryLayout(layout, attempt, accept, rejected))
  if (starts.includes(true)) return
  for (const node of hardware.nodes)
    for (const layout of multiNodeLayouts(node, model.architecture, hardware))
      if (tryLayout(layout, attempt, accept, rejected)) break
}

/** Tells whether the server starts with the layout, whether or not it is fast enough. */
function tryLayout(
  layout: ReplicaLayout,
  { model, question, hardware }: Attempt,
  accept: (fleet: Fleet) => void,
  rejected: RejectedLayout[],
): boolean {
  const below = belowMinimum(layout, model, question.input)
  const replica = below === undefined ? sizeReplica(layout, question) : { reason: below }
  const fleet = 'reason' in replica ? replica : scaleFleet(replica, question.workload, hardware)
  if ('reason' in fleet) rejected.push(rejection(layout, model, fleet.reason))
  else accept(fleet)
  return !('reason' in replica)
}

function belowMinimum(layout: ReplicaLayout, { model }: PlannableModel, input: PlanInput): string | undefined {
  if (input.allowBelowDocumentedMinimum === true) return undefined
  const { machine, gpu } = layout.node
  if (machine !== undefined && !hasBaseSystem(machine)) return baseSystemReason(machine)
  const minimum = documentedMinimum(model, gpu, gpusOf(layout))
  if (minimum === undefined || minimum.isMet) return undefined
  return `Below the documented minimum of ${minimum.gpuCount} × ${minimum.gpu} (${minimum.minimumVramGB} GB): pass allowBelowDocumentedMinimum to see it.`
}

function baseSystemReason({ vcpus, hostMemoryGB }: Machine): string {
  const { minimumCpuThreads, minimumRamGB } = catalog.hardwareRequirements.baseSystem
  return `The machine has ${vcpus} CPU threads and ${hostMemoryGB} GB of memory, less than the documented base system of ${minimumCpuThreads} threads and ${minimumRamGB} GB: pass allowBelowDocumentedMinimum to see it.`
}

function rejection(
  { node, ...layout }: ReplicaLayout,
  { model, architecture }: PlannableModel,
  reason: string,
): RejectedLayout {
  return {
    model: model?.id ?? architecture.name,
    ...(node.machine === undefined ? {} : { machine: node.machine.id }),
    gpu: node.gpu.id,
    tensorParallelSize: layout.tensorParallelSize,
    pipelineParallelSize: layout.pipelineParallelSize,
    reason,
  }
}

/** Lengths that people set: powers of two. */
const leastModelLength = 8_192
const requestsThatFit = 4

function lengthFor({ architecture }: PlannableModel, input: PlanInput, workload: Workload): number {
  const request = workload.promptTokens + workload.outputTokens
  if (input.maxModelLength !== undefined) {
    checkWholeNumber(input.maxModelLength, { field: 'maxModelLength', least: 1, largest: 100_000_000 })
    if (request > input.maxModelLength) throw tooLong(request, input.maxModelLength)
    return input.maxModelLength
  }
  if (request > architecture.maxPositions) throw tooLong(request, architecture.maxPositions)
  const usual = Math.max(leastModelLength, 2 ** Math.ceil(Math.log2(requestsThatFit * request)))
  return Math.min(architecture.maxPositions, usual)
}

function tooLong(request: number, context: number): SizingInputError {
  return new SizingInputError({
    field: 'promptTokens',
    value: request,
    expected: 'a prompt that fits into the context length together with its response',
    nearest: context,
  })
}

function byMeritThenCost(a: Candidate, b: Candidate): number {
  return (
    b.model.merit - a.model.merit ||
    a.fleet.cost - b.fleet.cost ||
    a.fleet.totalGpus - b.fleet.totalGpus ||
    a.fleet.performance.timeToFirstTokenMs - b.fleet.performance.timeToFirstTokenMs
  )
}

const inputKeys: Readonly<Record<keyof PlanInput, true>> = {
  model: true,
  architecture: true,
  features: true,
  atLeast: true,
  release: true,
  users: true,
  requestsPerUserPerHour: true,
  requestsPerSecond: true,
  concurrency: true,
  promptTokens: true,
  outputTokens: true,
  timeToFirstTokenMs: true,
  interTokenLatencyMs: true,
  gpu: true,
  gpuCount: true,
  gpusPerNode: true,
  machine: true,
  cloud: true,
  maxNodesPerReplica: true,
  maxReplicas: true,
  pricePerGpuHour: true,
  dtype: true,
  quantization: true,
  kvCacheDtype: true,
  maxModelLength: true,
  maxNumSeqs: true,
  maxNumBatchedTokens: true,
  gpuMemoryUtilization: true,
  vllmVersion: true,
  calibration: true,
  servedModelName: true,
  allowBelowDocumentedMinimum: true,
  limit: true,
}
