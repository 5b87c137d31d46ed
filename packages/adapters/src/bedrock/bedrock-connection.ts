import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import type { AdapterResponse } from '../adapter-response.js'
import type { AdapterEvent } from '../stream-event.js'
import { CheckedBatches } from '../structured-output/checked-batches.js'
import type { OutputCheck } from '../structured-output/output-check.js'
import { outputFailure } from '../structured-output/output-failure.js'
import { checkResponse, createRequestCheck, isChecked } from '../structured-output/request-check.js'
import type { RequestContext } from '../transport/request-context.js'
import type { BedrockCallOptions } from './bedrock-call.js'
import type { BedrockEndpoint } from './bedrock-endpoint.js'
import { bedrockGenerateCall } from './bedrock-generate-call.js'
import { type BedrockModel, describeBedrockModel } from './bedrock-model.js'
import { chooseOperation, createBedrockRequest } from './bedrock-request.js'
import { bedrockStreamCall } from './bedrock-stream-call.js'
import { createRequestRefusal } from './request-refusal.js'

/** One model on Bedrock, ready for requests. */
export class BedrockConnection implements AdapterConnection {
  readonly #endpoint: BedrockEndpoint
  readonly #model: BedrockModel

  constructor(endpoint: BedrockEndpoint) {
    const { modelId, model } = endpoint.options
    this.#endpoint = endpoint
    this.#model = describeBedrockModel(modelId, model)
  }

  async generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse> {
    const context = this.#context(request, call, false)
    const check = await createRequestCheck(request, context)
    const response = await bedrockGenerateCall(this.#callOptions(request, call, context, false))
    checkResponse(response, check, context)
    return response
  }

  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]> {
    const context = this.#context(request, call, true)
    const open = () => this.#callOptions(request, call, context, true)
    if (!isChecked(request)) return bedrockStreamCall(async () => open())
    let check: OutputCheck | undefined
    const batches = bedrockStreamCall(async () => {
      check = await createRequestCheck(request, context)
      return open()
    })
    return new CheckedBatches(batches, (text) => check?.(text), outputFailure(context))
  }

  close(): Promise<void> {
    return this.#endpoint.close()
  }

  #context(request: AdapterRequest, call: AdapterCall, stream: boolean): RequestContext {
    const { options } = this.#endpoint
    return this.#endpoint.context(chooseOperation(request, { options, stream }), call.requestId)
  }

  #callOptions(
    request: AdapterRequest,
    call: AdapterCall,
    context: RequestContext,
    stream: boolean,
  ): BedrockCallOptions {
    const { options } = this.#endpoint
    const refusal = createRequestRefusal(context)
    const sent = createBedrockRequest(request, { options, model: this.#model, stream, refusal })
    return { endpoint: this.#endpoint, request: sent, call }
  }
}
