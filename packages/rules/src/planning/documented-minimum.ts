import type { CatalogModel } from '../catalog/catalog-model.js'
import type { Gpu } from '../catalog/hardware.js'
import { fitOf, gpuSet, requirementOf } from '../hardware-facts.js'
import type { DeploymentPlan } from './deployment-plan.js'

type DocumentedMinimum = NonNullable<DeploymentPlan['documentedMinimum']>

/** The documented minimum for a model beside the GPUs of one copy; `undefined` where the documentation has none. */
export function documentedMinimum(
  model: CatalogModel | undefined,
  gpu: Gpu,
  gpuCount: number,
): DocumentedMinimum | undefined {
  const row = requirementOf(model)
  if (row === undefined) return undefined
  const fit = fitOf(gpuSet(gpu, gpuCount, gpu.memoryGB), row)
  return {
    gpu: row.gpu,
    gpuCount: row.gpuCount,
    minimumVramGB: row.minimumVramGB,
    isMet: fit === 'enough' || fit === 'source-conflict',
  }
}
