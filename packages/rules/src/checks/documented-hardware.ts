import type { GpuRequirement } from '../catalog/hardware.js'
import { fitOf, type GpuSet, gpuSetOf, type HardwareFit, minimumSetOf, requirementOf } from '../hardware-facts.js'
import type { DeploymentContext } from '../rule.js'
import { scratchOf } from './deployment-scratch.js'

/** The GPUs of a deployment beside the documented minimum for its model. */
export interface DocumentedHardware {
  /** The stated GPUs. */
  readonly set: GpuSet
  /** The row of the GPU table. */
  readonly row: GpuRequirement
  /** The GPUs that the row names. */
  readonly minimum: GpuSet
  /** How the two relate. */
  readonly fit: HardwareFit
}

/** Compares the GPUs with the documented minimum, once for all rules; `undefined` where one of the two is not known. */
export function documentedHardwareOf(context: DeploymentContext): DocumentedHardware | undefined {
  const scratch = scratchOf(context)
  if (scratch.documentedHardware === undefined) scratch.documentedHardware = compare(context) ?? null
  return scratch.documentedHardware ?? undefined
}

function compare({ platform, model, settings, lookup }: DeploymentContext): DocumentedHardware | undefined {
  const row = platform === 'vllm' ? requirementOf(model) : undefined
  const set = row === undefined ? undefined : gpuSetOf(settings.hardware, lookup)
  if (row === undefined || set === undefined) return undefined
  return { set, row, minimum: minimumSetOf(row), fit: fitOf(set, row) }
}
