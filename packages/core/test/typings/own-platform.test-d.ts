import type { ModelAdapter } from '@duo-models/adapters'
import { test } from 'vitest'
import { createDuoModelClient } from '../../src/index.js'

declare const anyAdapter: ModelAdapter
declare const llamaCpp: ModelAdapter & { readonly platform: 'llama-cpp' }

test("a configuration may name the platforms of the caller's own adapters, and no others", () => {
  createDuoModelClient({ platform: 'llama-cpp', model: 'any', threads: 8 }, { adapters: [llamaCpp] })
  createDuoModelClient({ deployments: { own: { platform: 'ollama', model: 'any' } } }, { adapters: [anyAdapter] })
  // @ts-expect-error no adapter for it is passed
  createDuoModelClient({ platform: 'llama-cpp', model: 'any' })
})

test('deployments of the documented platforms keep their own shape beside them', () => {
  createDuoModelClient({ platform: 'vllm', model: 'any', endpoint: 'http://gpu-1:8000/v1' }, { adapters: [llamaCpp] })
  // @ts-expect-error vLLM needs an endpoint
  createDuoModelClient({ platform: 'vllm', model: 'any' }, { adapters: [llamaCpp] })
})
