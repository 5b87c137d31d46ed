import { catalog } from '../catalog/catalog.js'
import type { Machine } from '../catalog/hardware.js'
import { findModelExactly } from '../find-model.js'
import { findGpu } from '../hardware-facts.js'
import type { ResolvedDeployment } from '../resolved-configuration.js'
import { kubernetesName } from './kubernetes/kubernetes-name.js'
import { loadableModel, modelLocation } from './model-location.js'
import type { PlanFacts } from './read-plan.js'
import type { RenderRequest } from './render-format.js'
import { recipeFor, serveOptions } from './serve-facts.js'
import type { VllmServer } from './vllm-server.js'
import { weightsOnDiskGiB } from './weights-on-disk.js'

/** The server that a plan describes, as a deployment of its configuration. */
export function serverOfPlan(plan: PlanFacts, deployment: ResolvedDeployment, request: RenderRequest): VllmServer {
  const repository = plan.huggingFaceId ?? loadableModel(plan.model, deployment.name, request)
  const recipe = recipeFor(repository)
  const model = modelLocation(repository, recipe, request)
  const { servedModelName, vllmVersion } = plan
  return {
    deployment: deployment.name,
    name: request.options.name ?? kubernetesName(deployment.name === 'default' ? plan.model : deployment.name),
    repository,
    model,
    recipe,
    options: serveOptions({ model, servedModelName, facts: plan, recipe, vllmVersion }),
    servedModelName,
    vllmVersion,
    gpu: findGpu(plan.gpu),
    gpusPerNode: plan.gpusPerNode,
    nodes: plan.nodesPerReplica,
    replicas: plan.replicas,
    weightsGiB: weightsOnDisk(plan),
    host: hostOf(plan.machine),
    endpoints: deployment.endpoints,
    notes: [],
  }
}

// What is quantised while it loads has twice the size on disk.
function weightsOnDisk({ model, memory, tensorParallelSize, pipelineParallelSize, quantization }: PlanFacts): number {
  const known = weightsOnDiskGiB(findModelExactly(model)?.id)
  if (known !== undefined) return known
  const loaded = memory.perGpu.weightsGiB * tensorParallelSize * pipelineParallelSize
  return quantization === undefined ? loaded : loaded * 2
}

function hostOf(id: string | undefined): VllmServer['host'] {
  const machines: Readonly<Record<string, Machine>> = catalog.machines
  const machine = id !== undefined && Object.hasOwn(machines, id) ? machines[id] : undefined
  return machine && { cpus: machine.vcpus, memoryGB: machine.hostMemoryGB }
}
