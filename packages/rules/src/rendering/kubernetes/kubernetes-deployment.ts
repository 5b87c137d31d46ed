import { containerArguments } from '../container-arguments.js'
import type { RenderRequest } from '../render-format.js'
import { startupSeconds } from '../server-needs.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'
import { labelsOf, metadataOf, metricsAnnotations, selectorOf } from './kubernetes-labels.js'
import { podSpec } from './kubernetes-pod.js'
import { rolloutOf } from './kubernetes-rollout.js'
import { keepsVolume } from './kubernetes-volume.js'

/** A Deployment for servers of one machine each. */
export function deploymentOf(server: VllmServer, port: number, request: RenderRequest): YamlMap {
  const { replicas } = server
  const role = {
    container: 'vllm',
    command: ['vllm', 'serve'],
    args: containerArguments(server, port),
    port,
    joinsOthers: false,
    ownVolume: !keepsVolume(server, request),
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataOf(server, request),
    spec: {
      replicas,
      selector: { matchLabels: selectorOf(server) },
      strategy: { type: 'RollingUpdate', rollingUpdate: rolloutOf(server, request) },
      // Beside starting, the old pod has to end and the image to arrive.
      progressDeadlineSeconds: startupSeconds(server, request.options.startupTimeoutSeconds) + 600,
      template: {
        metadata: { labels: labelsOf(server), annotations: metricsAnnotations(port) },
        spec: {
          ...podSpec(server, role, request),
          topologySpreadConstraints: replicas > 1 ? spread(server) : undefined,
        },
      },
    },
  }
}

function spread(server: VllmServer): YamlMap[] {
  return [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selectorOf(server) },
    },
  ]
}
