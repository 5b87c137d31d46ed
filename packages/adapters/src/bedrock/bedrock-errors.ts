import { AbortedError } from '../errors/aborted-error.js'
import { AuthenticationError } from '../errors/authentication-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { NotFoundError } from '../errors/not-found-error.js'
import { OverloadedError } from '../errors/overloaded-error.js'
import { PermissionError } from '../errors/permission-error.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { RateLimitError } from '../errors/rate-limit-error.js'
import { ServerError } from '../errors/server-error.js'
import { StreamInterruptedError } from '../errors/stream-interrupted-error.js'
import { TimeoutError } from '../errors/timeout-error.js'
import { asString, isJsonObject, parseJson } from '../openai-format/json.js'
import type { ErrorResponse } from '../transport/call.js'
import { type HttpHeaders, headerValue } from '../transport/http-exchange.js'
import type { Redact } from '../transport/redact.js'
import { quoteBody, type RequestContext, requestErrorFields } from '../transport/request-context.js'
import { readRetryAfterMs } from '../transport/retry-after.js'
import type { Authorization } from './authorizer.js'
import { type BedrockPlace, type BedrockRefusal, errorRules } from './bedrock-error-rules.js'
import {
  type BedrockFailures,
  type ReportedException,
  readException,
  type StreamFailureFields,
} from './bedrock-failures.js'

/** What errors of one request are made with. */
export interface BedrockErrorContext {
  readonly context: RequestContext
  readonly place: BedrockPlace
  /** Asked whether a refusal is about the credentials. */
  readonly judgeAuthorization: Authorization['judge']
}

/** The id that AWS gave a request, for its support; `undefined` where the header holds something else. */
export function awsRequestId(headers: HttpHeaders, redact: Redact): string | undefined {
  const id = headerValue(headers, 'x-amzn-requestid') ?? headerValue(headers, 'x-amz-request-id')
  return id !== undefined && /^[\w.:-]{1,128}$/.test(id) ? redact(id) : undefined
}

/** Makes the typed error for an answer of Bedrock, or of something in front of it, with a status that is no success. */
export function classifyBedrockResponse(
  { status, headers, body }: Pick<ErrorResponse, 'status' | 'headers' | 'body'>,
  { context, place, judgeAuthorization }: BedrockErrorContext,
): DuoModelError {
  const exception = readException(exceptionName(headers, body), body)
  const { name, message, originalStatusCode } = exception
  const cameBack = /^\s*</.test(body)
    ? `a web page: ${quoteBody(body, context.redact)}`
    : `${name} ${quoteBody(message, context.redact)}`.trim()
  const retryAfterMs = readRetryAfterMs(headers, message)
  const requestId = awsRequestId(headers, context.redact)
  const verdict = judgeAuthorization(name, headers)
  const options = (advice: string): DuoModelErrorOptions => ({
    ...requestErrorFields(context, `answered ${status} with ${cameBack}. ${verdict?.advice ?? advice}`.trim()),
    status,
    ...(requestId !== undefined && { requestId }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(verdict?.retryable && { retryable: true }),
  })
  return classifyByRules(name, { message, place, originalStatusCode }, options) ?? classifyByStatus(status, options)
}

/** Makes the errors of a good answer that goes wrong. */
export function bedrockFailures(
  { context, place }: BedrockErrorContext,
  requestId: string | undefined,
): BedrockFailures {
  const fieldsOf = (whatHappened: string, fields: StreamFailureFields): DuoModelErrorOptions => ({
    ...requestErrorFields(context, whatHappened),
    ...(requestId !== undefined && { requestId }),
    ...fields,
  })
  return {
    reported: (exception, fields) => reportedError(exception, place, context, fieldsOf, fields),
    protocol: (what, fields) => new ProtocolError(fieldsOf(`${what}.`, fields)),
    interrupted: (what, fields) => new StreamInterruptedError(fieldsOf(`${what}. The answer is not complete.`, fields)),
  }
}

function reportedError(
  exception: ReportedException,
  place: BedrockPlace,
  { redact }: RequestContext,
  fieldsOf: (whatHappened: string, fields: StreamFailureFields) => DuoModelErrorOptions,
  fields: StreamFailureFields,
): DuoModelError {
  const name = upperCamel(exception.name)
  const { message, originalStatusCode } = exception
  const what = `reported an error in its answer: ${name} ${quoteBody(message, redact)}.`
  const options = (advice: string): DuoModelErrorOptions => fieldsOf(`${what} ${advice}`.trim(), fields)
  const error = classifyByRules(name, { message, place, originalStatusCode }, options)
  return error ?? new ServerError(options('Bedrock failed.'))
}

function classifyByRules(
  name: string,
  refusal: BedrockRefusal,
  options: (advice: string) => DuoModelErrorOptions,
): DuoModelError | undefined {
  const rule = errorRules.find(
    ({ names, message }) => (names?.includes(name) ?? true) && (message?.test(refusal.message) ?? true),
  )
  if (!rule) return undefined
  const { make, advice } = rule
  return make(options(typeof advice === 'string' ? advice : advice(refusal)), refusal)
}

/** Answers without an exception's name come from a proxy or a gateway. */
function classifyByStatus(status: number, options: (advice: string) => DuoModelErrorOptions): DuoModelError {
  if (status === 401) return new AuthenticationError(options('Something in front of Bedrock wants other credentials.'))
  if (status === 403)
    return new PermissionError(options('Something in front of Bedrock does not let the request pass.'))
  if (status === 404) return new NotFoundError(options('Check host and path of the endpoint.'))
  if (status === 407)
    return new AuthenticationError(options('A proxy wants other credentials: set them in the URL of the proxy.'))
  if (status === 408) return new TimeoutError({ ...options('The server gave up waiting.'), which: 'server' })
  if (status === 429) return new RateLimitError(options('Wait before the next request, or send fewer at once.'))
  if (status === 499) return new AbortedError(options('A gateway saw the connection close.'))
  if (status < 500) return new InvalidRequestError(options('Sending it again will not help: change the request.'))
  if (status === 503) return new OverloadedError(options('Nothing takes requests there now.'))
  return new ServerError(options('The server failed.'))
}

/** The name is in a header, with a URI after a colon at times, or in the body, with a namespace before a `#`. */
function exceptionName(headers: HttpHeaders, body: string): string {
  const json = parseJson(body)
  const members = isJsonObject(json) ? json : {}
  const name = headerValue(headers, 'x-amzn-errortype') ?? asString(members['__type']) ?? asString(members['code'])
  const word = /^(?:[^#]*#)?(\w{1,80})/.exec(name?.trim() ?? '')?.[1]
  return word === undefined ? '' : upperCamel(word)
}

/** Names inside a stream begin with a small letter. */
function upperCamel(name: string): string {
  return /^\w{1,80}$/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : ''
}
