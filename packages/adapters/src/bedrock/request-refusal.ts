import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'

/** Refuses requests that Bedrock could not serve as they are meant, before they are sent. */
export interface RequestRefusal {
  /** A member that this model or this operation has no place for. */
  parameter(name: string, explanation: string): never
  /** A request that is wrong in itself. */
  request(explanation: string): never
}

/** Makes the refusals of one request. */
export function createRequestRefusal(context: RequestContext): RequestRefusal {
  const fieldsOf = (explanation: string) => ({
    ...requestErrorFields(context, `was not sent. ${explanation}`),
    phase: 'configuration' as const,
  })
  return {
    parameter: (parameter, explanation) => {
      throw new UnsupportedParameterError({ ...fieldsOf(explanation), parameter })
    },
    request: (explanation) => {
      throw new InvalidRequestError(fieldsOf(explanation))
    },
  }
}
