import type { RenderRequest } from '../render-format.js'
import type { VllmServer } from '../vllm-server.js'
import type { YamlMap } from '../yaml.js'
import { labelValue } from './kubernetes-name.js'

/** Labels of everything that belongs to a server; `component` tells pods that answer requests from those that only compute. */
export function labelsOf(server: VllmServer, component = servingComponent): YamlMap {
  return {
    ...selectorOf(server),
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'gitlab-duo-self-hosted',
    'app.kubernetes.io/version': server.vllmVersion === undefined ? undefined : labelValue(server.vllmVersion),
  }
}

/** The component of pods that answer requests. */
const servingComponent = 'model-server'

/** Labels that find the pods of a server that answer requests. */
export function servingSelectorOf(server: VllmServer): YamlMap {
  return { ...selectorOf(server), 'app.kubernetes.io/component': servingComponent }
}

/** Labels that find all pods of a server. They never change. */
export function selectorOf({ name }: VllmServer): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/name': 'vllm', 'app.kubernetes.io/instance': name }
}

/** Annotations by which Prometheus finds the metrics of vLLM. */
export function metricsAnnotations(port: number): YamlMap {
  return { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(port), 'prometheus.io/path': '/metrics' }
}

/** Name, namespace and labels. */
export function metadataOf(server: VllmServer, { options }: RenderRequest, name = server.name): YamlMap {
  return { name, namespace: options.namespace, labels: labelsOf(server) }
}
