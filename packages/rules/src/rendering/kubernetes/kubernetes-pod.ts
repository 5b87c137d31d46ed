import { cacheFolder } from '../model-location.js'
import { needsPreparation, preparationScript } from '../model-preparation.js'
import { type ModelVolume, modelVolume } from '../model-volume.js'
import type { RenderRequest } from '../render-format.js'
import { serverImage } from '../server-image.js'
import { sharedMemoryGiB, startupSeconds } from '../server-needs.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap, YamlValue } from '../yaml.js'
import { gpuResource, resourcesOf } from './kubernetes-resources.js'
import { keySecret, tokenSecret } from './kubernetes-secrets.js'
import { kubernetesText } from './kubernetes-text.js'
import { modelMount, volumeSource } from './kubernetes-volume.js'

/** What differs between the pods of one server. */
export interface PodRole {
  /** Name of the container. */
  readonly container: string
  /** What the container runs. */
  readonly command: readonly string[]
  /** Its arguments. Text, but for references to variables that `expanded` adds. */
  readonly args: readonly string[]
  /** Further arguments that Kubernetes expands. */
  readonly expanded?: readonly string[]
  /** Port that answers requests; absent for a pod that answers none. */
  readonly port?: number
  /** Whether the pod talks to the others under its own address. */
  readonly joinsOthers: boolean
  /** Whether the model's volume belongs to the pod alone. */
  readonly ownVolume: boolean
}

/** The specification of a pod. */
export function podSpec(server: VllmServer, role: PodRole, request: RenderRequest): YamlMap {
  const { options } = request
  const volume = modelVolume(request)
  return {
    // A Service called vllm would otherwise set VLLM_PORT, which vLLM reads as its own.
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 120,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    nodeSelector: options.nodeSelector,
    tolerations: [{ key: gpuResource(server), operator: 'Exists', effect: 'NoSchedule' }],
    initContainers: needsPreparation(server, options.modelPath) ? [preparation(server, volume, request)] : undefined,
    containers: [container(server, role, volume, request)],
    volumes: [
      { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: `${sharedMemoryGiB(server)}Gi` } },
      { name: 'model', ...volumeSource(server, volume, role.ownVolume) },
    ],
  }
}

function container(server: VllmServer, role: PodRole, volume: ModelVolume, request: RenderRequest): YamlMap {
  const args = [...role.args.map(kubernetesText), ...(role.expanded ?? [])]
  return {
    name: role.container,
    image: serverImage(server, request),
    command: role.command.map(kubernetesText),
    args: args.length === 0 ? undefined : args,
    env: environment(server, role, request),
    ports: role.port === undefined ? undefined : [{ name: 'http', containerPort: role.port }],
    resources: resourcesOf(server),
    ...(role.port === undefined ? {} : lifeCycle(server, request)),
    securityContext: restricted,
    volumeMounts: [{ name: 'shared-memory', mountPath: '/dev/shm' }, modelMount(volume)],
  }
}

const restricted: YamlMap = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }

function lifeCycle(server: VllmServer, { options }: RenderRequest): YamlMap {
  const httpGet = { path: '/health', port: 'http' }
  const startup = startupSeconds(server, options.startupTimeoutSeconds)
  return {
    startupProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: Math.ceil(startup / 10) },
    readinessProbe: { httpGet, periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 3 },
    // Under full load the answer may be late; a restart costs minutes.
    livenessProbe: { httpGet, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 6 },
    // New requests stop coming before the server is told to stop.
    lifecycle: { preStop: { exec: { command: ['sleep', '10'] } } },
  }
}

function environment(server: VllmServer, role: PodRole, request: RenderRequest): readonly YamlValue[] {
  const key = keySecret(server, request)
  return [
    ...downloadEnvironment(request),
    { name: 'VLLM_NO_USAGE_STATS', value: '1' },
    ...(key === undefined || role.port === undefined
      ? []
      : [{ name: 'VLLM_API_KEY', valueFrom: { secretKeyRef: { ...key } } }]),
    ...(role.joinsOthers ? [{ name: 'VLLM_HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }] : []),
  ]
}

function downloadEnvironment(request: RenderRequest): readonly YamlMap[] {
  return [
    { name: 'HF_HOME', value: cacheFolder },
    { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { ...tokenSecret(request), optional: true } } },
  ]
}

function preparation(server: VllmServer, volume: ModelVolume, request: RenderRequest): YamlMap {
  return {
    name: 'prepare-model',
    image: serverImage(server, request),
    command: ['sh', '-c', preparationScript(server), 'sh'].map(kubernetesText),
    args: [server.repository, server.model].map(kubernetesText),
    env: downloadEnvironment(request),
    securityContext: restricted,
    volumeMounts: [modelMount(volume)],
  }
}
