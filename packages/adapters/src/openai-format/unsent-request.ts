import type { AdapterRequest } from '../adapter-request.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'

/** Why a request is not sent. */
export interface RequestProblem {
  /** The member, in the platform's spelling. */
  readonly parameter: string
  /** What is wrong and what to do, as sentences. */
  readonly explanation: string
}

/** The error of a request that is not sent. */
export function unsentRequest(context: RequestContext, { parameter, explanation }: RequestProblem) {
  const fields = requestErrorFields(context, `was not sent. ${explanation}`)
  return new UnsupportedParameterError({ ...fields, phase: 'configuration', parameter })
}

/** A response format that the OpenAI format itself has no member for. */
export function findFormatProblem(request: AdapterRequest): RequestProblem | undefined {
  const type = request.kind === 'chat' ? request.responseFormat?.type : undefined
  if (type !== 'regex' && type !== 'choice' && type !== 'grammar') return undefined
  const explanation = `This platform cannot hold an answer to a response format of type '${type}'. Use 'json-schema', which can say much the same with 'pattern' or 'enum'.`
  return { parameter: 'response_format', explanation }
}
