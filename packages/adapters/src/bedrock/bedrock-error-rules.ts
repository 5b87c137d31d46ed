import { AuthenticationError } from '../errors/authentication-error.js'
import { ContextLengthError } from '../errors/context-length-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import { InferenceProfileRequiredError } from '../errors/inference-profile-required-error.js'
import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { ModelNotFoundError } from '../errors/model-not-found-error.js'
import { ModelNotReadyError } from '../errors/model-not-ready-error.js'
import { ModelRetiredError } from '../errors/model-retired-error.js'
import { NotFoundError } from '../errors/not-found-error.js'
import { OverloadedError } from '../errors/overloaded-error.js'
import { PermissionError } from '../errors/permission-error.js'
import { QuotaError } from '../errors/quota-error.js'
import { RateLimitError } from '../errors/rate-limit-error.js'
import { ServerError } from '../errors/server-error.js'
import { TimeoutError } from '../errors/timeout-error.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import { readBedrockContextLength } from './bedrock-context-length.js'

/** What was asked for, where; advice names it. */
export interface BedrockPlace {
  readonly modelId: string
  readonly region: string
}

/** What the server said. */
export interface BedrockRefusal {
  readonly message: string
  readonly place: BedrockPlace
  /** The status the model itself answered with. */
  readonly originalStatusCode?: number | undefined
}

type Make = (options: DuoModelErrorOptions, refusal: BedrockRefusal) => DuoModelError

/** One cause of a refusal: the exceptions and words it is known by, its error, and what to do. */
export interface ErrorRule {
  /** The exceptions it comes as. Left out: any. */
  readonly names?: readonly string[]
  /** What the message says. Left out: anything. */
  readonly message?: RegExp
  readonly make: Make
  readonly advice: string | ((refusal: BedrockRefusal) => string)
}

const denied = ['AccessDeniedException', 'AccessDenied', 'NotAuthorized', 'UnauthorizedOperation', 'OptInRequired']
const notFound = ['ResourceNotFoundException']
const invalid = ['ValidationException', 'ValidationError']
const signature = ['InvalidSignatureException', 'SignatureDoesNotMatch', 'InvalidSignature', 'AuthFailure']

const isAuthentication: Make = (options) => new AuthenticationError(options)
const isPermission: Make = (options) => new PermissionError(options)
const isInvalid: Make = (options) => new InvalidRequestError(options)
const isRetired: Make = (options) => new ModelRetiredError(options)
const isModelNotFound: Make = (options) => new ModelNotFoundError(options)
const needsProfile: Make = (options) => new InferenceProfileRequiredError(options)
const isContextLength: Make = (options, { message }) =>
  new ContextLengthError({ ...options, ...readBedrockContextLength(message) })

/** The member a message is about: the pattern's first group, or the name given. */
function isUnsupported(pattern: RegExp, name?: string): Make {
  return (options, { message }) =>
    new UnsupportedParameterError({ ...options, parameter: name ?? pattern.exec(message)?.[1] })
}

/** The model's own status decides whether it was the request's fault. AWS does not send such a request again by itself. */
const isModelFailure: Make = (options, { originalStatusCode: status = 500 }) => {
  if (status === 429) return new RateLimitError(options)
  if (status >= 400 && status < 500 && status !== 424) return new InvalidRequestError({ ...options, retryable: false })
  return new ServerError({ ...options, retryable: options.retryable ?? false })
}

/** Inside a stream AWS asks to send the request again, which is possible until content has come. */
const isStreamFailure: Make = (options, refusal) =>
  isModelFailure({ ...options, retryable: options.retryable ?? true }, refusal)

const otherRegion = /on resource: arn:aws[\w-]*:bedrock:([a-z0-9-]+)?:/i
const unsupportedField = /(?:doesn['’]t|does not) support the ['"`]?([\w.]+?)['"`]? field/i
const deprecatedParameter =
  /['"`]([\w.]+)['"`] (?:is deprecated for|is not supported (?:by|for|with)|may not be|and ['"`]?top_?p)/i
const extraneousKey = /extraneous key \[([^\]]{1,80})\]/i

/**
 * Every refusal of Bedrock that has an error or an advice of its own; the first that fits counts. Sources: the exceptions
 * of the Bedrock Runtime API, "Troubleshooting Amazon Bedrock API Error Codes", and issues of clients that quote messages.
 */
export const errorRules: readonly ErrorRule[] = [
  // The key, before what it may do: Bedrock says AccessDeniedException for both.
  {
    message:
      /api key.{0,20}(?:is )?valid|invalid api key|bearer token (?:is|has) (?:invalid|expired)|api key (?:is|has) expired/i,
    make: isAuthentication,
    advice:
      'Bedrock does not know the API key, or it has expired: a short-term key lasts 12 hours at most and belongs to one Region. Make a new one and set it as apiKey or AWS_BEARER_TOKEN_BEDROCK.',
  },
  {
    names: ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired', 'TokenRefreshRequired'],
    make: isAuthentication,
    advice:
      'The temporary credentials have expired. Get new ones, for example with aws sso login, or by a role that renews them.',
  },
  {
    names: signature,
    message: /scoped to (?:a valid|correct) (?:region|service)/i,
    make: isAuthentication,
    advice: ({ place }) =>
      `The request was signed for the Region ${place.region}, and the endpoint belongs to another one. Set 'region' to that of the endpoint.`,
  },
  {
    message: /signature expired|signature not yet current/i,
    make: isAuthentication,
    advice: 'The clock of this machine is more than 5 minutes away from that of AWS. Set it.',
  },
  {
    names: signature,
    make: isAuthentication,
    advice:
      'The signature is wrong: the secret access key does not belong to the access key id, or something in between changes requests. Check AWS_SECRET_ACCESS_KEY.',
  },
  {
    names: ['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId'],
    make: isAuthentication,
    advice:
      'AWS does not know the access key, or temporary credentials were sent without their session token. Check AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN, and that the key is active and of this partition.',
  },
  {
    names: [
      'MissingAuthenticationTokenException',
      'MissingAuthenticationToken',
      'IncompleteSignatureException',
      'IncompleteSignature',
    ],
    make: isAuthentication,
    advice: 'The request came without credentials: something in between may remove the authorization header.',
  },
  // Models that are gone, or not yet there for this account.
  {
    message:
      /end of its life|reached (?:the )?end.of.life|model.{0,80}has been (?:retired|deprecated)|marked by provider as legacy/i,
    make: isRetired,
    advice: ({ place }) =>
      `'${place.modelId}' is no longer offered to this account. Choose an active model and set its id as 'modelId'.`,
  },
  {
    message: /use.case (?:details|form)/i,
    make: isPermission,
    advice:
      "Anthropic's use-case form has not been sent for this account. Fill it in once in the Bedrock console (Model catalog, any Claude model); access opens within 15 minutes.",
  },
  {
    message: /INVALID_PAYMENT_INSTRUMENT|payment instrument/i,
    make: isPermission,
    advice: 'The AWS account has no valid means of payment for this Marketplace model. Add one in the Billing console.',
  },
  {
    message: /aws-marketplace|marketplace (?:actions|subscription)/i,
    make: isPermission,
    advice:
      'The model comes through AWS Marketplace, and the account has not subscribed to it. Somebody who may do aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions has to use it once.',
  },
  {
    message: /unsupported countr|not (?:allowed|available) (?:from|in) (?:unsupported |your )?(?:countr|location)/i,
    make: isPermission,
    advice: "The model's provider does not serve the country of this account or of this machine.",
  },
  {
    message:
      /don['’]t have access to (?:the )?model|access to (?:the|this) model.{0,30}(?:not|denied)|model access is denied/i,
    make: isPermission,
    advice: ({ place }) =>
      `Access to '${place.modelId}' has not been granted in ${place.region}. Ask for it in the Bedrock console of that Region (Model access), or use a Region where it is granted.`,
  },
  // Policies.
  {
    message: /explicit deny/i,
    make: isPermission,
    advice: (refusal) =>
      `A policy forbids it expressly, usually a service control policy of the organisation. ${regionAdvice(refusal)}`.trim(),
  },
  {
    message: /is not authorized to perform|no (?:identity|resource|session|permissions|vpc endpoint)[\w -]{0,40}polic/i,
    make: isPermission,
    advice: (refusal) =>
      `The IAM identity lacks a permission: allow bedrock:InvokeModel and bedrock:InvokeModelWithResponseStream on the model, and on the inference profile where one is used. ${regionAdvice(refusal)}`.trim(),
  },
  {
    names: [...denied, ...invalid],
    message: /operation not allowed|account is not authori[sz]ed/i,
    make: isPermission,
    advice: 'The AWS account itself may not do this: it is new, suspended, or not yet verified. Ask AWS Support.',
  },
  {
    names: denied,
    make: isPermission,
    advice: ({ place }) =>
      `Check that the IAM identity may do bedrock:InvokeModel, and that access to '${place.modelId}' is granted in ${place.region}.`,
  },
  // Names.
  {
    message: /on-demand throughput|inference profile (?:that contains|is required)/i,
    make: needsProfile,
    advice: ({ place }) => profileAdvice(place),
  },
  {
    message: /model identifier is invalid|could not resolve the foundation model|(?:at|value) 'modelId' failed/i,
    make: isModelNotFound,
    advice: ({ place }) =>
      `Bedrock has no model '${place.modelId}' in ${place.region}. Check the spelling, and that the Region offers it; models that were retired may be refused like this too.`,
  },
  {
    names: ['UnknownOperationException'],
    make: (options) => new NotFoundError(options),
    advice: 'The endpoint is no Bedrock Runtime endpoint: check host and path.',
  },
  {
    names: notFound,
    make: isModelNotFound,
    advice: ({ place }) =>
      `There is no '${place.modelId}' in ${place.region} for this account. Check the id or ARN, its Region and its account.`,
  },
  // Load.
  {
    message: /too many (?:tokens|requests) per day|daily (?:token|request)|per-day/i,
    make: (options) => new QuotaError(options),
    advice:
      'The allowance of a day is used up. Ask for a higher one in the Service Quotas console, or wait until it is renewed.',
  },
  {
    names: ['ServiceQuotaExceededException'],
    make: (options) => new QuotaError(options),
    advice: 'A quota of the account is used up. Raise it in the Service Quotas console.',
  },
  {
    names: ['ThrottlingException', 'TooManyRequestsException', 'Throttling', 'RequestLimitExceeded'],
    make: (options) => new RateLimitError(options),
    advice:
      'The account sends more requests or tokens per minute than its quota for this model. Wait, send fewer at once, or use an inference profile that spans Regions.',
  },
  {
    names: ['ModelNotReadyException'],
    make: (options) => new ModelNotReadyError(options),
    advice: 'Bedrock is loading the model, which takes minutes for an imported one.',
  },
  {
    names: ['ModelTimeoutException'],
    make: (options) => new TimeoutError({ ...options, which: 'server' }),
    advice: 'The model took too long. Ask for a shorter answer, or stream it.',
  },
  {
    names: ['ServiceUnavailableException', 'ServiceUnavailable'],
    make: (options) => new OverloadedError(options),
    advice: 'Bedrock takes no requests for this model now.',
  },
  {
    names: ['InternalServerException', 'InternalFailure', 'InternalServerError'],
    make: (options) => new ServerError(options),
    advice: 'Bedrock failed. If it goes on, tell AWS Support the request id.',
  },
  // Requests.
  {
    message:
      /input is too long|prompt is too long|maximum context length|exceed context limit|exceeds? the (?:model['’]s )?(?:maximum )?context|too many input tokens/i,
    make: isContextLength,
    advice: 'Shorten the prompt, or lower maxOutputTokens.',
  },
  {
    message: /support system (?:messages|prompts)/i,
    make: isUnsupported(/$^/, 'system'),
    advice: 'Put the instruction into the first user message.',
  },
  {
    message: /support tool use/i,
    make: isUnsupported(/$^/, 'tools'),
    advice: 'Use a model with tools, or leave them out; some models take them in whole answers and not in streams.',
  },
  {
    message: /toolConfig field must be defined/i,
    make: isInvalid,
    advice: "The conversation holds tool calls: send the 'tools' with it again.",
  },
  {
    message: /guardrail.{0,60}(?:does not|doesn['’]t) exist/i,
    make: isInvalid,
    advice: ({ place }) => `Check 'guardrail': its identifier and version have to exist in ${place.region}.`,
  },
  {
    message: unsupportedField,
    make: isUnsupported(unsupportedField),
    advice: 'Leave it out, or use a model that takes it.',
  },
  { message: deprecatedParameter, make: isUnsupported(deprecatedParameter), advice: 'Leave it out for this model.' },
  { message: extraneousKey, make: isUnsupported(extraneousKey), advice: 'The model does not know it. Leave it out.' },
  {
    message: /maximum tokens you requested exceeds the model limit|less than or equal to 25000000/i,
    make: isInvalid,
    advice: 'Keep to the limit that the message names.',
  },
  { names: ['ModelErrorException'], make: isModelFailure, advice: modelFailureAdvice },
  { names: ['ModelStreamErrorException'], make: isStreamFailure, advice: modelFailureAdvice },
  { names: invalid, make: isInvalid, advice: 'Sending it again will not help: change the request.' },
  { names: ['ConflictException'], make: isInvalid, advice: 'Something else has changed what the request is about.' },
]

/** Which Region a policy is about, where it is another one than was asked: an inference profile sends requests there. */
function regionAdvice({ message, place }: BedrockRefusal): string {
  const match = otherRegion.exec(message)
  if (!match || match[1] === place.region) return ''
  const where = match[1] === undefined ? 'every Region' : match[1]
  return `The inference profile may send requests to ${where}: the policies have to allow the model there too.`
}

const geographies: readonly (readonly [RegExp, string])[] = [
  [/^us-gov-/, 'us-gov.'],
  [/^(us|ca)-/, 'us.'],
  [/^eu-/, 'eu.'],
  [/^ap-/, 'apac.'],
]

function profileAdvice({ modelId, region }: BedrockPlace): string {
  const prefix = geographies.find(([pattern]) => pattern.test(region))?.[1] ?? 'global.'
  const example = modelId.startsWith('arn:') ? '' : `, such as '${prefix}${modelId}'`
  return `Set 'modelId' to the id or ARN of an inference profile that contains the model${example}.`
}

function modelFailureAdvice({ originalStatusCode }: BedrockRefusal): string {
  return originalStatusCode === undefined
    ? 'The model failed while it answered.'
    : `The model failed while it answered, with the status ${originalStatusCode} of its own.`
}
