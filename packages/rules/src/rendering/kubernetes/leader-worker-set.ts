import { containerArguments } from '../container-arguments.js'
import { launcherOf, rayPort, startRayHead, waitForRayNodes } from '../launcher.js'
import type { RenderRequest } from '../render-format.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'
import { labelsOf, metadataOf, metricsAnnotations } from './kubernetes-labels.js'
import { podSpec } from './kubernetes-pod.js'
import { rolloutOf } from './kubernetes-rollout.js'

/** A LeaderWorkerSet for servers that span several machines each: one pod per machine. */
export function leaderWorkerSetOf(server: VllmServer, port: number, request: RenderRequest): YamlMap {
  const usesRay = launcherOf(server, request) === 'ray'
  const [leader, worker] = usesRay ? rayRoles(server, port) : vllmRoles(server, port)
  return {
    apiVersion: 'leaderworkerset.x-k8s.io/v1',
    kind: 'LeaderWorkerSet',
    metadata: metadataOf(server, request),
    spec: {
      replicas: server.replicas,
      rolloutStrategy: { type: 'RollingUpdate', rollingUpdateConfiguration: rolloutOf(server, request) },
      leaderWorkerTemplate: {
        size: server.nodes,
        restartPolicy: 'RecreateGroupOnPodRestart',
        leaderTemplate: {
          metadata: { labels: labelsOf(server), annotations: metricsAnnotations(port) },
          spec: podSpec(server, { ...grouped, ...leader }, request),
        },
        workerTemplate: {
          metadata: { labels: labelsOf(server, 'model-worker') },
          spec: podSpec(server, { ...grouped, ...worker }, request),
        },
      },
    },
  }
}

const grouped = { container: 'vllm', joinsOthers: true, ownVolume: true }

// LeaderWorkerSet sets the variables LWS_LEADER_ADDRESS and LWS_WORKER_INDEX in every container.
function vllmRoles(server: VllmServer, port: number) {
  const args = [...containerArguments(server, port), '--nnodes', String(server.nodes)]
  const command = ['vllm', 'serve']
  const toLeader = ['--master-addr', '$(LWS_LEADER_ADDRESS)']
  return [
    { command, args: [...args, '--node-rank', '0'], expanded: toLeader, port },
    { command, args: [...args, '--headless'], expanded: [...toLeader, '--node-rank', '$(LWS_WORKER_INDEX)'] },
  ] as const
}

function rayRoles(server: VllmServer, port: number) {
  const lead = ['set -eu', startRayHead, waitForRayNodes(server.nodes), 'exec vllm serve "$@"'].join('\n')
  const join = `until ray start --address="$LWS_LEADER_ADDRESS:${rayPort}" --node-ip-address="$VLLM_HOST_IP" --block; do sleep 5; done`
  const args = [...containerArguments(server, port), '--distributed-executor-backend', 'ray']
  return [
    { command: ['bash', '-c', lead, 'bash'], args, port },
    { command: ['bash', '-c', join, 'bash'], args: [] },
  ] as const
}
