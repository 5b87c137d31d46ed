import type { AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '../adapter.js'
import { VllmConnection } from './vllm-connection.js'
import { VllmEndpoint } from './vllm-endpoint.js'

/**
 * The adapter of vLLM's OpenAI-compatible server, from version 0.6.4.post1 on. undici is loaded with the first
 * connection.
 */
export const vllmAdapter: ModelAdapter = {
  platform: 'vllm',
  supportsRawPrompts: true,
  wholeAnswersMayStream: true,
  async connect(target: AdapterTarget, context: AdapterContext): Promise<AdapterConnection> {
    return new VllmConnection(await VllmEndpoint.open(target, context))
  },
}
