import { plainLine } from '../../formats/plain-text.js'
import { modelVolume } from '../model-volume.js'
import type { RenderInput } from '../read-input.js'
import type { RenderRequest } from '../render-format.js'
import { serversOf } from '../servers.js'
import type { VllmServer } from '../vllm-server.js'
import { toYamlDocuments, type YamlMap } from '../yaml.js'
import { inferenceServiceOf } from './inference-service.js'
import { deploymentOf } from './kubernetes-deployment.js'
import { metadataOf, selectorOf, servingSelectorOf } from './kubernetes-labels.js'
import { claimName, claimSpec, keepsVolume } from './kubernetes-volume.js'
import { leaderWorkerSetOf } from './leader-worker-set.js'
import { manifestComments } from './manifest-comments.js'

const defaultPort = 8000

/** Manifests, as one file of several documents: per server its volume, its pods, its Service and its disruption budget. */
export function writeKubernetes(input: RenderInput, request: RenderRequest): string {
  const port = request.options.port ?? defaultPort
  const documents = serversOf(input, request).flatMap((server) => {
    const [first, ...others] = documentsOf(server, port, request).map((value) => ({ comments: [] as string[], value }))
    return first === undefined
      ? []
      : [{ ...first, comments: manifestComments(server, port, request).map(plainLine) }, ...others]
  })
  return toYamlDocuments(documents)
}

function documentsOf(server: VllmServer, port: number, request: RenderRequest): readonly YamlMap[] {
  if (request.options.distributed === 'kserve')
    return [...claims(server, request), inferenceServiceOf(server, port, request)]
  const workload = server.nodes > 1 ? leaderWorkerSetOf : deploymentOf
  return [
    ...claims(server, request),
    workload(server, port, request),
    serviceOf(server, port, request),
    ...(server.replicas > 1 ? [disruptionBudget(server, request)] : []),
  ]
}

function claims(server: VllmServer, request: RenderRequest): readonly YamlMap[] {
  const volume = modelVolume(request)
  if (volume.kind !== 'new' || !keepsVolume(server, request)) return []
  const metadata = metadataOf(server, request, claimName(server))
  return [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: claimSpec(server, volume) }]
}

function serviceOf(server: VllmServer, port: number, request: RenderRequest): YamlMap {
  const selector = server.nodes > 1 ? servingSelectorOf(server) : selectorOf(server)
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(server, request),
    spec: { type: 'ClusterIP', selector, ports: [{ name: 'http', port, targetPort: 'http' }] },
  }
}

function disruptionBudget(server: VllmServer, request: RenderRequest): YamlMap {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataOf(server, request),
    spec: { maxUnavailable: 1, selector: { matchLabels: selectorOf(server) } },
  }
}
