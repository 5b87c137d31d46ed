import type { VllmServerState } from './vllm-server-state.js'

/** The body of `GET /v1/models`: one card per served name. */
export function modelList({ servedModelNames, model, maxModelLength, startedAtSeconds }: VllmServerState): object {
  return {
    object: 'list',
    data: servedModelNames.map((id, index) => ({
      id,
      object: 'model',
      created: startedAtSeconds,
      owned_by: 'vllm',
      root: model,
      parent: null,
      max_model_len: maxModelLength,
      permission: [permission(index, startedAtSeconds)],
    })),
  }
}

function permission(index: number, created: number): object {
  return {
    id: `modelperm-${String(index).padStart(32, '0')}`,
    object: 'model_permission',
    created,
    allow_create_engine: false,
    allow_sampling: true,
    allow_logprobs: true,
    allow_search_indices: false,
    allow_view: true,
    allow_fine_tuning: false,
    organization: '*',
    group: null,
    is_blocking: false,
  }
}
