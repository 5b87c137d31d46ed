import type { RenderRequest } from '../render-format.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'

/** How many pods a rollout may add and take away: without spare GPUs no new one could start beside the old ones. */
export function rolloutOf(server: VllmServer, request: RenderRequest): YamlMap {
  const maxSurge = surgeOf(server, request)
  return { maxSurge, maxUnavailable: maxSurge === 0 ? 1 : 0 }
}

/** How many servers fit beside the running ones. */
export function surgeOf(
  { gpusPerNode, nodes, replicas }: VllmServer,
  { options: { spareGpus = 0 } }: RenderRequest,
): number {
  return Math.min(replicas, Math.floor(spareGpus / (gpusPerNode * nodes)))
}
