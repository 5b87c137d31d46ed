import type { AdapterCall } from '../adapter.js'
import { ConnectionError } from '../errors/connection-error.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import { Call, type CallOwner } from '../transport/call.js'
import { errorCode } from '../transport/network-error.js'
import { AnswerCollector } from './answer-collector.js'
import type { BedrockEndpoint } from './bedrock-endpoint.js'
import { type BedrockErrorContext, classifyBedrockResponse } from './bedrock-errors.js'
import type { BedrockRequest } from './bedrock-request.js'

/** What every call is made of. */
export interface BedrockCallOptions {
  readonly endpoint: BedrockEndpoint
  readonly request: BedrockRequest
  readonly call: AdapterCall
}

/** Makes the collector of an answer. */
export function createAnswer({ endpoint, request }: BedrockCallOptions): AnswerCollector {
  return new AnswerCollector({ modelId: endpoint.options.modelId, form: request.form })
}

/**
 * Authorises a request and makes its call, which is not started yet.
 * @param createOwner who is told what comes of it
 */
export async function openCall(
  { endpoint, request, call }: BedrockCallOptions,
  createOwner: (errorContext: BedrockErrorContext) => CallOwner,
): Promise<Call> {
  const ready = await endpoint.prepare(request.operation, request, call)
  const { path, body, authorization, context } = ready
  const errorContext = { context, place: endpoint.place, judgeAuthorization: authorization.judge }
  return new Call(
    {
      pool: endpoint.pool,
      request: { method: 'POST', path, headers: authorization.headers, body },
      signal: call.abortSource ?? call.signal,
      context,
      connectTimeoutMs: endpoint.connectTimeoutMs,
      classify: (response) => classifyBedrockResponse(response, errorContext),
    },
    createOwner(errorContext),
  )
}

/** A host name made from a Region: where it is unknown, the Region is at fault. */
export function explainUnknownHost(error: Error, { hasRegionalHost, place }: BedrockEndpoint): Error {
  const isUnknown = DuoModelError.is(error, 'connection') && errorCode(error.cause) === 'ENOTFOUND'
  if (!isUnknown || !hasRegionalHost) return error
  const { message, phase, retryable, requestId, deployment, platform, cause } = error
  const advice = `Check the Region: '${place.region}' may be misspelt or may not offer Bedrock.`
  return new ConnectionError({
    message: `${message} ${advice}`,
    phase,
    retryable,
    requestId,
    deployment,
    platform,
    cause,
  })
}
