import type { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { StreamInterruptedError } from '../errors/stream-interrupted-error.js'
import type { ErrorResponse } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import type { Redact } from '../transport/redact.js'
import { quoteBody, type RequestContext, requestErrorFields } from '../transport/request-context.js'
import { readRetryAfterMs } from '../transport/retry-after.js'
import { type ErrorBody, readErrorBody } from './error-body.js'
import { reportedStatus } from './reported-status.js'
import type { StreamFailureFields, StreamFailures } from './stream-reader.js'

/** What a server refused with, wherever it was found: an answer's status and body, or an event inside a stream. */
export interface Refusal {
  /** The status that counts: the answer's, or the one the error stands for. */
  readonly status: number
  readonly error: ErrorBody
  /** Empty where the refusal came inside a stream. */
  readonly headers: HttpHeaders
  readonly context: RequestContext
  /** Makes the options of the error from what to do about it. */
  readonly options: (advice: string) => DuoModelErrorOptions
}

/** Chooses the error a refusal becomes. */
type JudgeRefusal = (refusal: Refusal) => DuoModelError

/** How a server names its requests; `undefined` where it does not. */
export type ReadRequestId = (headers: HttpHeaders, redact: Redact) => string | undefined

/** Makes the error of an answer whose status is no success. */
export function refusedResponse(
  { status, headers, body, context }: ErrorResponse,
  judge: JudgeRefusal,
  readRequestId: ReadRequestId = () => undefined,
): DuoModelError {
  const error = readErrorBody(body)
  const cameBack = /^\s*</.test(body)
    ? `a web page: ${quoteBody(body, context.redact)}`
    : quoteBody(error.message, context.redact)
  const retryAfterMs = readRetryAfterMs(headers, error.message)
  const requestId = readRequestId(headers, context.redact)
  const options = (advice: string): DuoModelErrorOptions => ({
    ...requestErrorFields(context, `answered ${status} with ${cameBack}. ${advice}`.trim()),
    status,
    retryable: retryableByServer(headers),
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
  return judge({ status, error, headers, context, options })
}

/** Makes the errors of a good answer that goes wrong. */
export function streamFailures(context: RequestContext, judge: JudgeRefusal): StreamFailures {
  const fieldsOf = (whatHappened: string, fields: StreamFailureFields): DuoModelErrorOptions => ({
    ...requestErrorFields(context, whatHappened),
    ...fields,
  })
  return {
    reported: (error, fields) => {
      const what = `reported an error in its answer: ${quoteBody(error.message, context.redact)}.`
      const retryAfterMs = readRetryAfterMs({}, error.message)
      const options = (advice: string): DuoModelErrorOptions => ({
        ...fieldsOf(`${what} ${advice}`.trim(), fields),
        ...(retryAfterMs !== undefined && { retryAfterMs }),
      })
      return judge({ status: reportedStatus(error), error, headers: {}, context, options })
    },
    protocol: (what, fields) => new ProtocolError(fieldsOf(`${what}.`, fields)),
    interrupted: (what, fields) => new StreamInterruptedError(fieldsOf(`${what}. The answer is not complete.`, fields)),
  }
}

/** `x-should-retry` overrules what a status usually means. */
function retryableByServer(headers: HttpHeaders): boolean | undefined {
  const wish = headerValue(headers, 'x-should-retry')?.trim().toLowerCase()
  return wish === 'true' || wish === 'false' ? wish === 'true' : undefined
}
