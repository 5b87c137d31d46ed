import { StructuredOutputInvalidError } from '../errors/structured-output-invalid-error.js'
import { type RequestContext, requestErrorFields } from '../transport/request-context.js'
import type { OutputFailure } from './checked-batches.js'

/** What platforms call an answer that was cut off at the most tokens allowed. */
const cutOffReasons: ReadonlySet<string> = new Set(['length', 'max_tokens'])

/** Makes the error of an answer without its form: says which form was missed, where, and what may be done. */
export function outputFailure(context: RequestContext): OutputFailure {
  return (problem, partial, rawFinishReason) => {
    const advice = cutOffReasons.has(rawFinishReason)
      ? 'It was cut off at the most tokens allowed: raise maxOutputTokens.'
      : 'The server may not have kept to the form: check that its version supports it, and that the prompt asks for it too.'
    return new StructuredOutputInvalidError({
      ...requestErrorFields(context, `came back with an answer that ${problem.description}. ${advice}`),
      partial,
      path: problem.path,
    })
  }
}
