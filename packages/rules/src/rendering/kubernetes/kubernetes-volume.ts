import { type ModelVolume, modelVolume } from '../model-volume.js'
import type { RenderRequest } from '../render-format.js'
import { cacheGiB } from '../server-needs.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'
import { surgeOf } from './kubernetes-rollout.js'

/** Where a container finds the model. */
export function modelMount(volume: ModelVolume): YamlMap {
  const readOnly = volume.kind === 'folder' && volume.readOnly ? true : undefined
  return { name: 'model', mountPath: volume.target, readOnly }
}

/** Where the volume of a pod comes from; `own` means that no other pod has it. */
export function volumeSource(server: VllmServer, volume: ModelVolume, own: boolean): YamlMap {
  if (volume.kind === 'claim') return { persistentVolumeClaim: { claimName: volume.claimName } }
  if (volume.kind === 'folder') {
    const type = volume.readOnly ? 'Directory' : 'DirectoryOrCreate'
    return { hostPath: { path: volume.source, type } }
  }
  if (!own) return { persistentVolumeClaim: { claimName: claimName(server) } }
  return { ephemeral: { volumeClaimTemplate: { spec: claimSpec(server, volume) } } }
}

/** Name of the claim that is rendered with a server. */
export function claimName({ name }: VllmServer): string {
  return `${name}-model-cache`
}

/** The specification of a claim for the weights. */
export function claimSpec(server: VllmServer, volume: Extract<ModelVolume, { kind: 'new' }>): YamlMap {
  return {
    accessModes: ['ReadWriteOnce'],
    storageClassName: volume.storageClassName,
    resources: { requests: { storage: `${volume.sizeGiB ?? cacheGiB(server)}Gi` } },
  }
}

/** Whether the weights stay in one volume between pods: where only one pod at a time wants it. */
export function keepsVolume(server: VllmServer, request: RenderRequest): boolean {
  const isNew = modelVolume(request).kind === 'new'
  return isNew && server.replicas === 1 && server.nodes === 1 && surgeOf(server, request) === 0
}
