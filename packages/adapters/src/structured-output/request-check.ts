import type { AdapterRequest } from '../adapter-request.js'
import type { AdapterResponse } from '../adapter-response.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { RequestContext } from '../transport/request-context.js'
import { answersWithToolCalls } from './checked-batches.js'
import { createOutputCheck, type OutputCheck } from './output-check.js'
import { outputFailure } from './output-failure.js'

/** Whether a request asks for a form that its answer is checked for. */
export function isChecked(request: AdapterRequest): boolean {
  const type = request.kind === 'chat' ? request.responseFormat?.type : undefined
  return type !== undefined && type !== 'text'
}

/** The check of a request's answer; a form that cannot be checked is an error that names the request. */
export async function createRequestCheck(
  request: AdapterRequest,
  context: RequestContext,
): Promise<OutputCheck | undefined> {
  try {
    return request.kind === 'chat' ? await createOutputCheck(request.responseFormat) : undefined
  } catch (error) {
    const { deployment, platform, requestId } = context
    throw DuoModelError.is(error) ? error.addContext({ deployment, platform, requestId }) : error
  }
}

/** Throws where a whole answer has not the form that was asked for. */
export function checkResponse(
  response: AdapterResponse,
  check: OutputCheck | undefined,
  context: RequestContext,
): void {
  const { text, reasoning = '', toolCalls, finishReason, usage } = response
  if (!check || answersWithToolCalls(text, toolCalls)) return
  const problem = check(text)
  if (problem) throw outputFailure(context)(problem, { text, reasoning, toolCalls, usage }, finishReason.raw)
}
