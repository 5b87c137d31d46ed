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
import { readContextLength } from '../openai-format/context-length.js'
import type { ErrorBody } from '../openai-format/error-body.js'
import { type Refusal, refusedResponse, streamFailures } from '../openai-format/refusal.js'
import type { StreamFailures } from '../openai-format/stream-reader.js'
import type { ErrorResponse } from '../transport/call.js'
import type { RequestContext } from '../transport/request-context.js'

/** A server that asks to wait longer than this has used up an allowance, and is not just busy. */
const longestRateLimitMs = 3_600_000

/** Makes the typed error for an answer of vLLM, or of a gateway in front of it, with a status that is no success. */
export function classifyVllmResponse(response: ErrorResponse): DuoModelError {
  return refusedResponse(response, classify)
}

/** Makes the errors of a vLLM stream. */
export function vllmStreamFailures(context: RequestContext): StreamFailures {
  return streamFailures(context, classify)
}

function classify(refusal: Refusal): DuoModelError {
  const { status, error, options } = refusal
  const contextLength = status < 500 ? readContextLength(`${error.message} ${error.code ?? ''}`) : undefined
  if (contextLength) return new ContextLengthError({ ...options(contextAdvice), ...contextLength })
  if (status === 401) return new AuthenticationError(options(authenticationAdvice(error)))
  if (status === 403)
    return new PermissionError(options('The key is known and may not do this. Ask the operator of the server.'))
  if (status === 404) return classifyNotFound(refusal)
  if (status === 407)
    return new AuthenticationError(options('A proxy wants other credentials: set them in the URL of the proxy.'))
  if (status === 408) return new TimeoutError({ ...options('The server gave up waiting.'), which: 'server' })
  if (status === 409 || status === 429) return classifyRateLimit(refusal)
  if (status === 499) return new AbortedError(options('A gateway saw the connection close.'))
  if (status < 500 || (status === 500 && templateFailure.test(error.message))) return classifyBadRequest(refusal)
  if (status === 503 || status === 529)
    return new OverloadedError(options('The server takes no requests now; it may be loading the model or scaling.'))
  if (status === 501) return new InvalidRequestError(options('This server does not implement what was asked for.'))
  return new ServerError(options(serverAdvice(error)))
}

const contextAdvice =
  'Shorten the prompt or lower maxOutputTokens, or start the server with a larger --max-model-len if the GPU memory allows.'

function authenticationAdvice({ message }: ErrorBody): string {
  const isKnownKey = /invalid|incorrect/i.test(message)
  return `${isKnownKey ? 'The server does not know the key.' : ''} Set 'apiKey' of the deployment to the key the server was started with (--api-key or VLLM_API_KEY).`
}

function serverAdvice({ message }: ErrorBody): string {
  return message === ''
    ? 'An empty body means that the engine of the server has died: look at its log and restart it.'
    : 'The server failed: look at its log.'
}

function classifyNotFound({ error, context, options }: Refusal): DuoModelError {
  const isModel =
    error.param === 'model' || /\bmodel\b.*(does not exist|not found|not served|unknown)/is.test(error.message)
  const base = context.url.replace(/\/((chat\/)?completions|models)$/, '')
  if (isModel) {
    return new ModelNotFoundError(
      options(`Ask GET ${base}/models for the names the server answers to, and set 'servedModelName' to one of them.`),
    )
  }
  return new NotFoundError(options(missingRouteAdvice(base, base !== context.url)))
}

function missingRouteAdvice(base: string, isRouteOfApi: boolean): string {
  if (!isRouteOfApi) return 'The server has no such route, or a gateway in front of it hides it.'
  return /\/v1$/.test(base)
    ? 'Check host, port and path of the endpoint.'
    : `The endpoint must end in /v1, and this one is ${base}.`
}

function classifyRateLimit({ error, options }: Refusal): DuoModelError {
  const fields = options('')
  const isQuota = /insufficient_quota|exceeded your current quota|billing/i.test(
    `${error.type} ${error.code} ${error.message}`,
  )
  if (isQuota || (fields.retryAfterMs ?? 0) > longestRateLimitMs) {
    return new QuotaError(options('An allowance is used up; raise it or wait until it is renewed.'))
  }
  return new RateLimitError(options('Wait before the next request, or lower the number of requests at once.'))
}

/** What a message of vLLM, or of the model's chat template, is really about. */
interface KnownMessage {
  readonly pattern: RegExp
  /** The member of the request the server does not take; absent where the request as a whole does not fit. */
  readonly parameter?: string
  readonly advice: string
}

const knownMessages: readonly KnownMessage[] = [
  {
    pattern: /suffix is not currently supported/i,
    parameter: 'suffix',
    advice: 'vLLM builds no fill-in-the-middle prompt; send one as a prompt with the tokens of the model.',
  },
  {
    pattern: /tool choice requires|--enable-auto-tool-choice|--tool-call-parser/i,
    parameter: 'tool_choice',
    advice: 'Start the server with --enable-auto-tool-choice and --tool-call-parser <parser of the model>.',
  },
  {
    pattern: /tool_choice.{0,40}must either be a named tool/i,
    parameter: 'tool_choice',
    advice: 'tool_choice "required" needs vLLM 0.8 or newer. Update the server, or name the tool.',
  },
  {
    pattern: /stream options can only be defined/i,
    parameter: 'stream_options',
    advice: 'Send stream_options with streamed requests only.',
  },
  {
    pattern: /--trust-request-chat-template/i,
    parameter: 'chat_template',
    advice: 'Start the server with --trust-request-chat-template, or give it the template with --chat-template <file>.',
  },
  {
    pattern: /priority scheduling is not enabled|--scheduling-policy/i,
    parameter: 'priority',
    advice: 'Start the server with --scheduling-policy priority, or leave the priority out.',
  },
  {
    pattern: /default chat template is no longer allowed|must provide a chat template|does not have a chat template/i,
    advice: 'The model comes without a chat template: start the server with --chat-template <file>.',
  },
  {
    pattern: /conversation roles must alternate|roles must alternate/i,
    advice:
      "The model's chat template takes user and assistant in turns only. Merge neighbouring messages of one role, or start the server with another --chat-template <file>.",
  },
  {
    pattern: /system role not supported|only user,? (and )?assistant( and tool)? roles are supported/i,
    advice:
      "The model's chat template takes no message of this role. Put its text into the user message, or start the server with another --chat-template <file>.",
  },
]

/** Failures of a template are a 500 on older versions, although another attempt cannot help. */
const templateFailure = /chat template|conversation roles|system role not supported|roles are supported/i

function classifyBadRequest({ error, options }: Refusal): DuoModelError {
  const { message, param } = error
  if (message.includes('extra_forbidden')) {
    const parameter = /'loc': \('body', '([^']{1,80})'/.exec(message)?.[1] ?? param
    return new UnsupportedParameterError({
      ...options('This version of the server refuses members it does not know. Leave it out or update the server.'),
      parameter,
    })
  }
  const known = knownMessages.find(({ pattern }) => pattern.test(message))
  if (!known) return new InvalidRequestError(options('Sending it again will not help: change the request.'))
  const { parameter, advice } = known
  if (parameter === undefined) return new InvalidRequestError(options(advice))
  return new UnsupportedParameterError({ ...options(advice), parameter })
}
