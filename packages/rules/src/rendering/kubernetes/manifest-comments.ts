import type { RenderRequest } from '../render-format.js'
import { imageNote, openNote } from '../server-notes.js'
import { shellQuote } from '../shell-quote.js'
import type { VllmServer } from '../vllm-server.js'
import { inferenceServiceUrl } from './inference-service.js'
import { keySecret, tokenSecret } from './kubernetes-secrets.js'

/** What to know before manifests are applied: where the server answers, and which Secrets it wants. */
export function manifestComments(server: VllmServer, port: number, request: RenderRequest): readonly string[] {
  const { options } = request
  const { repository, nodes, gpusPerNode, gpu, replicas } = server
  const namespace = options.namespace === undefined ? '' : ` --namespace ${options.namespace}`
  const each = `${gpusPerNode} × ${gpu?.name ?? 'GPU'}${nodes === 1 ? '' : ` on each of ${nodes} machines`}`
  const key = keySecret(server, request)
  const token = tokenSecret(request)
  const create = (name: string, field: string, variable: string) =>
    `  kubectl create secret generic ${name}${namespace} --from-literal=${shellQuote(field)}="$${variable}"`
  return [
    `${repository} on ${replicas === 1 ? '' : `${replicas} times `}${each}. Address in the cluster: ${address(server, port, request)}`,
    ...(key === undefined
      ? [openNote]
      : ['Before it starts:', create(key.name, key.key, server.keyVariable ?? 'VLLM_API_KEY')]),
    ...(downloads(server, request)
      ? ['For a model that Hugging Face gates:', create(token.name, token.key, 'HF_TOKEN')]
      : []),
    ...server.notes,
    ...imageNote(server, request),
  ]
}

function downloads({ nodes }: VllmServer, { options: { distributed, modelPath } }: RenderRequest): boolean {
  return modelPath === undefined && !(distributed === 'kserve' && nodes > 1)
}

function address(server: VllmServer, port: number, request: RenderRequest): string {
  const { namespace = 'default', distributed } = request.options
  if (distributed === 'kserve') return inferenceServiceUrl(server, namespace)
  return `http://${server.name}.${namespace}.svc.cluster.local:${port}/v1`
}
