import { showValue } from '../../show-value.js'
import { containerArguments } from '../container-arguments.js'
import { RenderError } from '../render-error.js'
import type { RenderRequest } from '../render-format.js'
import { wordsOf } from '../serve-option.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'
import { labelsOf, metadataOf } from './kubernetes-labels.js'
import { podSpec } from './kubernetes-pod.js'
import { resourcesOf } from './kubernetes-resources.js'
import { keySecret } from './kubernetes-secrets.js'
import { keepsVolume } from './kubernetes-volume.js'

// KServe's own runtime for several machines, with its limits:
// https://kserve.github.io/website/docs/model-serving/generative-inference/multi-node. It takes arguments from 0.15 on.
const runtime = 'kserve-huggingfaceserver-multinode'

/**
 * An InferenceService of KServe. On one machine it runs the same container as a Deployment would; over several it uses
 * KServe's runtime, which brings its own vLLM.
 * @throws RenderError where KServe cannot run the server
 */
export function inferenceServiceOf(server: VllmServer, port: number, request: RenderRequest): YamlMap {
  const { labels, ...metadata } = metadataOf(server, request)
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: {
      ...metadata,
      labels,
      annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment', 'serving.kserve.io/autoscalerClass': 'none' },
    },
    spec: { predictor: server.nodes > 1 ? severalMachines(server, request) : oneMachine(server, port, request) },
  }
}

/** Where the server answers inside the cluster. */
export function inferenceServiceUrl({ name, nodes }: VllmServer, namespace: string): string {
  return `http://${name}-predictor.${namespace}.svc.cluster.local${nodes > 1 ? '/openai' : ''}/v1`
}

function oneMachine(server: VllmServer, port: number, request: RenderRequest): YamlMap {
  const role = {
    // The name by which KServe knows the container that serves.
    container: 'kserve-container',
    command: ['vllm', 'serve'],
    args: containerArguments(server, port),
    port,
    joinsOthers: false,
    ownVolume: !keepsVolume(server, request),
  }
  return {
    minReplicas: server.replicas,
    maxReplicas: server.replicas,
    labels: labelsOf(server),
    ...podSpec(server, role, request),
  }
}

function severalMachines(server: VllmServer, request: RenderRequest): YamlMap {
  const { tensor, pipeline } = parallelSizes(server)
  const resources = resourcesOf(server)
  return {
    minReplicas: 1,
    maxReplicas: 1,
    // Two sets of GPUs would be needed for anything else.
    deploymentStrategy: { type: 'Recreate' },
    model: {
      modelFormat: { name: 'huggingface' },
      runtime,
      storageUri: storageUri(server, request),
      args: runtimeArguments(server, request),
      resources,
    },
    workerSpec: {
      tensorParallelSize: tensor,
      pipelineParallelSize: pipeline,
      containers: [{ name: 'worker-container', resources }],
    },
  }
}

function storageUri(server: VllmServer, request: RenderRequest): string {
  const { modelCache, modelPath } = request.options
  if (server.replicas > 1)
    throw refusal(
      server,
      request,
      `it has ${server.replicas} copies, and KServe's runtime for several machines has exactly one. Use leader-worker-set, or one InferenceService per copy`,
    )
  if (keySecret(server, request) !== undefined)
    throw refusal(
      server,
      request,
      "it asks clients for a key, and KServe's runtime for several machines checks none. Use leader-worker-set",
    )
  if (modelCache === undefined || !('claimName' in modelCache) || modelPath === undefined)
    throw refusal(
      server,
      request,
      'KServe takes the weights for several machines from a ReadWriteMany claim only. Give the options modelCache.claimName, and modelPath for the folder in it',
    )
  return `pvc://${modelCache.claimName}/${modelPath.replace(/^\/+/, '')}`
}

// The runtime's script lets the shell split its arguments again.
const plainArgument = /^[A-Za-z0-9_@%+:,./=-]+$/
const ownArguments: ReadonlySet<string> = new Set([
  ...[
    'tensor-parallel-size',
    'pipeline-parallel-size',
    'served-model-name',
    'tokenizer',
    'host',
    'disable-log-requests',
  ],
])

function runtimeArguments(server: VllmServer, request: RenderRequest): readonly string[] {
  const options = server.options.filter(({ name }) => !ownArguments.has(name))
  const words = options.flatMap((option) => {
    const [first = '', ...values] = wordsOf(option) ?? []
    return values.length === 1 ? [`${first}=${values[0]}`] : [first, ...values]
  })
  const args = [`--model_name=${server.servedModelName}`, ...words]
  const unfit = args.find((word) => !plainArgument.test(word))
  if (unfit !== undefined)
    throw refusal(
      server,
      request,
      `KServe's runtime splits arguments at blanks and quotes, so it cannot be given ${showValue(unfit)}`,
    )
  return args
}

function parallelSizes({ options, gpusPerNode, nodes }: VllmServer): {
  readonly tensor: number
  readonly pipeline: number
} {
  const pipeline = Number(options.find(({ name }) => name === 'pipeline-parallel-size')?.values[0] ?? 1)
  return { tensor: (gpusPerNode * nodes) / pipeline, pipeline }
}

function refusal({ deployment }: VllmServer, { format }: RenderRequest, reason: string): RenderError {
  return new RenderError({
    code: 'unsupported',
    format,
    deployment,
    message: `Deployment ${showValue(deployment)} cannot be an InferenceService over several machines: ${reason}.`,
  })
}
