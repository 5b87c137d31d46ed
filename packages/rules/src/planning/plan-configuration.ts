import type { CatalogModel } from '../catalog/catalog-model.js'
import type { DeploymentInput, DuoModelsConfiguration } from '../configuration.js'
import type { FeatureId } from '../vocabulary.js'
import type { Fleet } from './fleet.js'
import { gpusOf } from './replica-layout.js'

/** Model that stands for one the documentation does not list. */
const unlistedModel = 'any-openai-compatible'

/**
 * The configuration that belongs to a plan. Its endpoints are names that a cluster or a DNS server has to give, and its
 * key is a reference to the environment.
 */
export function planConfiguration(
  { replica, replicas }: Fleet,
  model: CatalogModel | undefined,
  servedModelName: string,
  release: string | undefined,
  features: readonly FeatureId[] | undefined,
): DuoModelsConfiguration {
  const { layout, memory } = replica
  const { settings } = memory
  const host = hostName(servedModelName)
  const endpoints = Array.from({ length: replicas }, (_, index) => `http://${host}-${index + 1}:8000/v1`)
  const [first = `http://${host}-1:8000/v1`] = endpoints
  const deployment: DeploymentInput = {
    platform: 'vllm',
    model: model?.id ?? unlistedModel,
    endpoint: replicas === 1 ? first : endpoints,
    servedModelName,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference that the file loader replaces, not a template
    apiKey: '${VLLM_API_KEY}',
    server: {
      version: settings.vllmVersion,
      tensorParallelSize: settings.tensorParallelSize,
      pipelineParallelSize: settings.pipelineParallelSize,
      maxModelLength: settings.maxModelLength,
      maxNumSeqs: settings.maxNumSeqs,
      maxNumBatchedTokens: settings.maxNumBatchedTokens,
      gpuMemoryUtilization: settings.gpuMemoryUtilization,
      dtype: settings.dtype,
      ...(settings.quantization === undefined ? {} : { quantization: settings.quantization }),
      ...(settings.kvCacheDtype === 'auto' ? {} : { kvCacheDtype: settings.kvCacheDtype }),
    },
    hardware: hardwareOf(layout.node, gpusOf(layout)),
  }
  return {
    ...(release === undefined ? {} : { gitlab: { version: release } }),
    deployments: { [host]: deployment },
    ...(features === undefined ? {} : { features: routesTo(host, features) }),
  }
}

function hardwareOf({ gpu, machine }: Fleet['replica']['layout']['node'], gpuCount: number) {
  if (machine === undefined) return { gpu: gpu.id, gpuCount }
  // Clouds count threads.
  return { gpu: gpu.id, gpuCount, cpuCores: Math.floor(machine.vcpus / 2), ramGB: machine.hostMemoryGB }
}

function routesTo(deployment: string, features: readonly FeatureId[]) {
  return Object.fromEntries(features.map((feature) => [feature, deployment]))
}

/** A name that DNS takes. */
function hostName(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  return label === '' ? 'model' : label
}
