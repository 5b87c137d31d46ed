import type { AdapterCall, AdapterConnection, AdapterContext, AdapterTarget, ModelAdapter } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import type { AdapterResponse } from '../adapter-response.js'
import { foldSystemMessages } from '../openai-format/fold-system-messages.js'
import { type GenerateCallOptions, generateCall } from '../openai-format/generate-call.js'
import { createRequestBody } from '../openai-format/request-body.js'
import { streamCall } from '../openai-format/stream-call.js'
import type { AdapterEvent } from '../stream-event.js'
import { HttpPool } from '../transport/http-pool.js'
import type { RequestContext } from '../transport/request-context.js'
import { classifyVllmResponse, vllmStreamFailures } from './vllm-errors.js'
import { readVllmOptions, type VllmOptions } from './vllm-options.js'

/**
 * The adapter of vLLM's OpenAI-compatible server, from version 0.6.4.post1 on. undici is loaded with the first
 * connection.
 */
export const vllmAdapter: ModelAdapter = {
  platform: 'vllm',
  supportsRawPrompts: true,
  async connect(target: AdapterTarget, context: AdapterContext): Promise<AdapterConnection> {
    const options = readVllmOptions(target)
    const { connectTimeoutMs, maxConnections } = context
    const pool = await HttpPool.open({ origin: options.origin, connectTimeoutMs, maxConnections })
    return new VllmConnection(options, pool, connectTimeoutMs)
  },
}

/**
 * Usage on every chunk, so that the cost of an answer is known when it is given up. Both members exist since 0.6.4;
 * other members would be refused by that version.
 */
const streamOptions = { include_usage: true, continuous_usage_stats: true }

/** Models whose chat templates, in the revisions still in use, refuse the system role. */
const modelsWithoutSystemRole = /mixtral|mistral-7b|gemma/i

class VllmConnection implements AdapterConnection {
  readonly #options: VllmOptions
  readonly #pool: HttpPool
  readonly #connectTimeoutMs: number

  constructor(options: VllmOptions, pool: HttpPool, connectTimeoutMs: number) {
    this.#options = options
    this.#pool = pool
    this.#connectTimeoutMs = connectTimeoutMs
  }

  async generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse> {
    return generateCall(this.#callOptions(request, call, false))
  }

  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]> {
    return streamCall(this.#callOptions(request, call, true))
  }

  close(): Promise<void> {
    return this.#pool.close()
  }

  #callOptions(request: AdapterRequest, call: AdapterCall, stream: boolean): GenerateCallOptions {
    const path = `${this.#options.basePath}/${request.kind === 'chat' ? 'chat/completions' : 'completions'}`
    const context = this.#context(path, call.requestId)
    return {
      pool: this.#pool,
      request: {
        method: 'POST',
        path,
        headers: this.#headers(call.requestId, stream),
        body: this.#body(request, stream),
      },
      signal: call.signal,
      context,
      connectTimeoutMs: this.#connectTimeoutMs,
      classify: classifyVllmResponse,
      failures: vllmStreamFailures(context),
    }
  }

  #context(path: string, requestId: string): RequestContext {
    const { deployment, origin, redact } = this.#options
    return { deployment, platform: 'vllm', method: 'POST', url: `${origin}${path}`, requestId, redact }
  }

  #headers(requestId: string, stream: boolean): Record<string, string> {
    const { apiKey } = this.#options
    return {
      'content-type': 'application/json',
      accept: stream ? 'text/event-stream' : 'application/json',
      'accept-encoding': 'identity',
      'x-request-id': requestId,
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    }
  }

  #body(request: AdapterRequest, stream: boolean): string {
    const { model, servedModelName } = this.#options
    const folds = request.kind === 'chat' && modelsWithoutSystemRole.test(`${model} ${servedModelName}`)
    const sent = folds ? { ...request, messages: foldSystemMessages(request.messages) } : request
    return createRequestBody(sent, { model: servedModelName, stream, maxTokensField: 'max_tokens', streamOptions })
  }
}
