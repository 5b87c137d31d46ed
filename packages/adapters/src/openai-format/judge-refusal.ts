import { AbortedError } from '../errors/aborted-error.js'
import { AuthenticationError } from '../errors/authentication-error.js'
import { ContextLengthError } from '../errors/context-length-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { ModelNotFoundError } from '../errors/model-not-found-error.js'
import { NotFoundError } from '../errors/not-found-error.js'
import { OverloadedError } from '../errors/overloaded-error.js'
import { PermissionError } from '../errors/permission-error.js'
import { QuotaError } from '../errors/quota-error.js'
import { RateLimitError } from '../errors/rate-limit-error.js'
import { ServerError } from '../errors/server-error.js'
import { TimeoutError } from '../errors/timeout-error.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import { readContextLength } from './context-length.js'
import type { ErrorBody } from './error-body.js'
import type { Refusal } from './refusal.js'

/** A server that asks to wait longer than this has used up an allowance, and is not just busy. */
const longestRateLimitMs = 3_600_000

/** The error of a refusal by what every server of the OpenAI format says alike: its status, and words most have in common. */
export function judgeRefusal(refusal: Refusal): DuoModelError {
  const { status, error, options } = refusal
  const contextLength = status < 500 ? readContextLength(`${error.message} ${error.code ?? ''}`) : undefined
  if (contextLength) return new ContextLengthError({ ...options(contextAdvice), ...contextLength })
  if (status === 401) return new AuthenticationError(options("Check 'apiKey' of the deployment."))
  if (status === 403) return new PermissionError(options('The key is known and may not do this.'))
  if (status === 404) return judgeNotFound(refusal)
  if (status === 407)
    return new AuthenticationError(options('A proxy wants other credentials: set them in the URL of the proxy.'))
  if (status === 408) return new TimeoutError({ ...options('The server gave up waiting.'), which: 'server' })
  if (status === 409 || status === 429) return judgeRateLimit(refusal)
  if (status === 499) return new AbortedError(options('A gateway saw the connection close.'))
  if (status === 501) return new InvalidRequestError(options('This server does not implement what was asked for.'))
  if (status < 500) return judgeBadRequest(refusal)
  if (status === 503 || status === 529 || isOverload(error))
    return new OverloadedError(options('The server takes no requests now. Wait, or send fewer at once.'))
  return new ServerError(options('The server failed.'))
}

const contextAdvice = 'Shorten the prompt or lower maxOutputTokens.'

function isOverload({ message, code, type }: ErrorBody): boolean {
  return /overload|high demand|at capacity/i.test(`${type} ${code} ${message}`)
}

function judgeNotFound({ error, context, options }: Refusal): DuoModelError {
  const isModel =
    error.param === 'model' ||
    error.code === 'model_not_found' ||
    /\bmodel\b.{0,300}(?:does not exist|not found|not served|unknown)/is.test(error.message)
  if (isModel) return new ModelNotFoundError(options('The server does not serve this model: check its name there.'))
  return new NotFoundError(options(`Check host, port and path of ${context.url}.`))
}

function judgeRateLimit({ status, error, options }: Refusal): DuoModelError {
  const words = `${error.type} ${error.code} ${error.message}`
  const isQuota = /insufficient_quota|exceeded your current quota|billing/i.test(words)
  if (isQuota || (options('').retryAfterMs ?? 0) > longestRateLimitMs)
    return new QuotaError(options('An allowance is used up; raise it or wait until it is renewed.'))
  if (status === 429 && isOverload(error))
    return new OverloadedError(options('The model takes no requests now, whatever the allowance. Wait and try again.'))
  return new RateLimitError(options('Wait before the next request, or lower the number of requests at once.'))
}

/** Words by which servers say that they do not take a member; the first group is its name. */
const unsupported: readonly RegExp[] = [
  /unrecognized request arguments? supplied: ['"`]?([\w.-]+)/i,
  /(?:unknown|unsupported|unrecognized) (?:parameter|value|argument)s?: ['"`]?([\w.[\]-]+)/i,
  /['"`]([\w.-]+)['"`] (?:is|does) not support(?:ed)?\b/i,
]

function judgeBadRequest({ error, options }: Refusal): DuoModelError {
  const named = unsupportedMember(error.message)
  const isUnsupported = /^(unsupported|unknown)_(parameter|value)$/.test(error.code ?? '')
  if (named === undefined && !isUnsupported)
    return new InvalidRequestError(options('Sending it again will not help: change the request.'))
  return new UnsupportedParameterError({
    ...options('Leave the member out, or change its value.'),
    parameter: named ?? error.param,
  })
}

function unsupportedMember(message: string): string | undefined {
  // Servers made with pydantic say where they found what they do not know.
  if (message.includes('extra_forbidden')) return /'loc': \('body', '([^']{1,80})'/.exec(message)?.[1]
  return unsupported.map((pattern) => pattern.exec(message)?.[1]).find((name) => name !== undefined)
}
