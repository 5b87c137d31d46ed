import type { AzureOpenAIServerState } from './azure-openai-server-state.js'

/** The body of `GET …/models`: the base models of the resource's deployments, not the deployments. */
export function modelList({ deployments, startedAtSeconds }: AzureOpenAIServerState): object {
  const models = new Map(
    [...deployments.values()].map(({ model, version, operation }) => {
      const id = version === '' ? model : `${model}-${version}`
      return [id, { id, operation }] as const
    }),
  )
  return {
    data: [...models.values()].map(({ id, operation }) => ({
      capabilities: {
        chat_completion: operation === 'chat',
        completion: operation === 'completions',
        embeddings: false,
        fine_tune: false,
        inference: true,
      },
      created_at: startedAtSeconds,
      id,
      lifecycle_status: 'generally-available',
      object: 'model',
      status: 'succeeded',
    })),
    object: 'list',
  }
}
