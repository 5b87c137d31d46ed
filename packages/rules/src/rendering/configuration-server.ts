import { findGpu } from '../hardware-facts.js'
import { parseAddress } from '../parse-address.js'
import type { ResolvedDeployment } from '../resolved-configuration.js'
import { type ServerFact, serverFactsOf } from '../server-facts.js'
import { showValue } from '../show-value.js'
import { kubernetesName } from './kubernetes/kubernetes-name.js'
import { loadableModel, modelLocation } from './model-location.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'
import { isSecretOption } from './secret-text.js'
import { recipeFor, type ServeFacts, serveOptions } from './serve-facts.js'
import type { VllmServer } from './vllm-server.js'
import { weightsOnDiskGiB } from './weights-on-disk.js'

/**
 * The server that a vLLM deployment of a configuration describes. Its `serveArgs` count where they are stated, the
 * fields of `server` count over them, and what nobody states is left to vLLM or to the documented recipe.
 * @throws RenderError when the arguments cannot be read, or nothing says what to load
 */
export function serverOfDeployment(deployment: ResolvedDeployment, request: RenderRequest): VllmServer {
  const { settings, servedModelName, endpoints, model: record } = deployment
  const stated = statedArguments(deployment, request)
  const repository =
    stated?.model ?? record?.huggingFaceId ?? loadableModel(deployment.modelName, deployment.name, request)
  const recipe = stated === undefined ? recipeFor(repository) : undefined
  const model = modelLocation(repository, recipe, request)
  const gpu = settings.hardware?.gpu === undefined ? undefined : findGpu(settings.hardware.gpu)
  const lacksBfloat16 = gpu?.vllm.bf16 === false && !states(deployment, 'dtype')
  const facts: ServeFacts = {
    ...settings.server,
    tensorParallelSize: tensorParallelSize(deployment, recipe?.requiredGpus),
    ...(lacksBfloat16 ? { dtype: 'float16' } : {}),
  }
  const vllmVersion = settings.server?.version?.trim().replace(/^v/, '')
  const options = serveOptions({ model, servedModelName, facts, recipe, stated: stated?.options, vllmVersion })
  return {
    deployment: deployment.name,
    name:
      request.options.name ?? kubernetesName(deployment.name === 'default' ? deployment.modelName : deployment.name),
    repository,
    model,
    recipe,
    options,
    servedModelName,
    vllmVersion,
    gpu,
    ...gpusOf(deployment, facts, request),
    replicas: Math.max(1, endpoints.length),
    weightsGiB: weightsOnDiskGiB(deployment.modelId),
    host: hostOf(deployment),
    port: stated?.port ?? portOf(endpoints[0]),
    endpoints,
    notes: [
      ...(stated?.notes ?? []),
      ...(lacksBfloat16 ? [`The ${gpu.name} has no bfloat16, so the server computes in float16.`] : []),
    ],
  }
}

interface StatedArguments {
  readonly model?: string | undefined
  readonly options: ReadonlyMap<string, readonly string[]>
  readonly port?: number | undefined
  readonly notes: readonly string[]
}

// Options that are rendered in another place than the options.
const placedElsewhere: ReadonlySet<string> = new Set(['model', 'port', 'api-key', 'hf-token'])

function statedArguments(
  { name, settings }: ResolvedDeployment,
  { format }: RenderRequest,
): StatedArguments | undefined {
  const { serveArguments, problems } = serverFactsOf(settings)
  if (serveArguments === undefined) return undefined
  const refuse = (message: string) => new RenderError({ code: 'invalid-input', format, deployment: name, message })
  if (problems.length > 0)
    throw refuse(`The serveArgs of deployment ${showValue(name)} cannot be read. ${problems.join(' ')}`)
  const options = new Map([...serveArguments.options].filter(([option]) => !placedElsewhere.has(option)))
  const secret = [...options.keys()].find((option) => isSecretOption(option))
  if (secret !== undefined)
    throw refuse(
      `The serveArgs of deployment ${showValue(name)} hold a secret under --${secret}, and no file may. Give it to the server in its environment.`,
    )
  return {
    model: serveArguments.model ?? serveArguments.options.get('model')?.[0],
    options,
    port: portNumber(serveArguments.options.get('port')?.[0]),
    notes: environmentNote(settings.server?.serveArgs),
  }
}

function environmentNote(serveArgs: string | readonly string[] | undefined): readonly string[] {
  const start = typeof serveArgs === 'string' ? serveArgs : serveArgs?.[0]
  return /^\s*[A-Z_][A-Z0-9_]*=/.test(start ?? '')
    ? ['The environment variables in front of serveArgs are not repeated here: they may be secret.']
    : []
}

function states({ settings }: ResolvedDeployment, fact: ServerFact): boolean {
  const { settings: known } = serverFactsOf(settings)
  return known[fact] !== undefined
}

// The documented recipes split a model over all GPUs; vLLM wants a number that divides the model's heads.
function tensorParallelSize(deployment: ResolvedDeployment, required: number | undefined): number | undefined {
  if (states(deployment, 'tensorParallelSize')) return deployment.settings.server?.tensorParallelSize
  const gpus = deployment.settings.hardware?.gpuCount
  if (gpus === undefined) return required
  const stages = serverFactsOf(deployment.settings).settings.pipelineParallelSize ?? 1
  return 2 ** Math.max(0, Math.floor(Math.log2(gpus / stages)))
}

function gpusOf(
  { name, settings }: ResolvedDeployment,
  facts: ServeFacts,
  { format, options: { nodesPerReplica = 1 } }: RenderRequest,
): Pick<VllmServer, 'gpusPerNode' | 'nodes'> {
  const { settings: known, serveArguments } = serverFactsOf(settings)
  const tensorParallel = Number(facts['tensorParallelSize'] ?? known.tensorParallelSize ?? 1)
  const dataParallel = Number(serveArguments?.options.get('data-parallel-size')?.[0] ?? 1)
  const gpus =
    tensorParallel * (known.pipelineParallelSize ?? 1) * (Number.isSafeInteger(dataParallel) ? dataParallel : 1)
  if (gpus % nodesPerReplica === 0) return { gpusPerNode: gpus / nodesPerReplica, nodes: nodesPerReplica }
  throw new RenderError({
    code: 'invalid-option',
    format,
    deployment: name,
    message: `options.nodesPerReplica is ${nodesPerReplica}, and the ${gpus} GPUs of deployment ${showValue(name)} cannot be shared out evenly over so many machines.`,
  })
}

function hostOf({ settings: { hardware } }: ResolvedDeployment): VllmServer['host'] {
  if (hardware?.cpuCores === undefined || hardware.ramGB === undefined) return undefined
  return { cpus: hardware.cpuCores, memoryGB: hardware.ramGB }
}

// Behind https stands a proxy, whose port is not vLLM's.
function portOf(endpoint: string | undefined): number | undefined {
  const url = endpoint === undefined ? undefined : parseAddress(endpoint)
  return url?.protocol === 'http:' ? portNumber(/:(\d+)$/.exec(url.origin)?.[1]) : undefined
}

function portNumber(text: string | undefined): number | undefined {
  const port = Number(text)
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined
}
