import { catalog } from '../../catalog/catalog.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'

/** The Kubernetes resource that stands for the server's GPUs. */
export function gpuResource({ gpu }: VllmServer): string {
  return gpu?.vendor === 'AMD' ? 'amd.com/gpu' : 'nvidia.com/gpu'
}

/** CPU, memory and GPUs of one pod: the documented minimum, or what a smaller machine can give. */
export function resourcesOf(server: VllmServer): YamlMap {
  const { minimumCpuCores, minimumRamGB } = catalog.hardwareRequirements.baseSystem
  const { cpus, memoryGB } = server.host ?? { cpus: Number.POSITIVE_INFINITY, memoryGB: Number.POSITIVE_INFINITY }
  return {
    requests: { cpu: String(shareOf(cpus, minimumCpuCores)), memory: `${shareOf(memoryGB, minimumRamGB)}Gi` },
    limits: { [gpuResource(server)]: String(server.gpusPerNode) },
  }
}

// A machine keeps some for itself: a pod that asked for all of it would never be placed.
function shareOf(total: number, wanted: number): number {
  return Math.max(1, Math.min(wanted, Math.floor(total * 0.75)))
}
