import { AuthenticationError } from '../errors/authentication-error.js'
import { ContentFilterError } from '../errors/content-filter-error.js'
import type { DuoModelError } from '../errors/duo-model-error.js'
import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import { InvalidRequestError } from '../errors/invalid-request-error.js'
import { ModelNotFoundError } from '../errors/model-not-found-error.js'
import { ModelNotReadyError } from '../errors/model-not-ready-error.js'
import { ModelRetiredError } from '../errors/model-retired-error.js'
import { NotFoundError } from '../errors/not-found-error.js'
import { PermissionError } from '../errors/permission-error.js'
import { QuotaError } from '../errors/quota-error.js'
import { RateLimitError } from '../errors/rate-limit-error.js'
import { UnsupportedParameterError } from '../errors/unsupported-parameter-error.js'
import type { Authorization } from '../openai-format/authorizer.js'
import { asString } from '../openai-format/json.js'
import { judgeRefusal } from '../openai-format/judge-refusal.js'
import type { ReadRequestId, Refusal } from '../openai-format/refusal.js'
import { headerValue } from '../transport/http-exchange.js'
import { newestStableVersion } from './api-version.js'
import type { AzureOpenAIOptions } from './azure-openai-options.js'
import { filteredCategories } from './content-filter.js'

/** Who asked for what, where: advice names it. */
export interface AzureOpenAIPlace {
  readonly options: AzureOpenAIOptions
  readonly authorization: Authorization
}

/** One cause of a refusal: what it is known by, its error, and what to do. */
interface ErrorRule {
  /** Its statuses. Left out: any. */
  readonly statuses?: readonly number[]
  /** What code, inner code and message say, joined by blanks. Left out: anything. */
  readonly words?: RegExp
  /** Whether the server wants more than an hour's wait. Left out: either. */
  readonly isLongWait?: true
  readonly make: (options: DuoModelErrorOptions, refusal: Refusal, place: AzureOpenAIPlace) => DuoModelError
  readonly advice: string | ((place: AzureOpenAIPlace, refusal: Refusal) => string)
}

/** Azure's own id of a request, which its support asks for. */
export const azureRequestId: ReadRequestId = (headers, redact) => {
  const id = headerValue(headers, 'apim-request-id') ?? headerValue(headers, 'x-request-id')
  return id !== undefined && /^[\w.:-]{1,128}$/.test(id) ? redact(id) : undefined
}

/** Makes the typed error for a refusal of Azure OpenAI, or of a gateway in front of it. */
export function judgeAzureRefusal(refusal: Refusal, place: AzureOpenAIPlace): DuoModelError {
  const words = wordsOf(refusal)
  const isLongWait = (refusal.options('').retryAfterMs ?? 0) > longestRateLimitMs
  const rule = errorRules.find(
    (each) =>
      (each.statuses?.includes(refusal.status) ?? true) &&
      (each.words?.test(words) ?? true) &&
      (isLongWait || !each.isLongWait),
  )
  if (!rule) return judgeRefusal(refusal)
  const { make, advice } = rule
  return make(refusal.options(typeof advice === 'string' ? advice : advice(place, refusal)), refusal, place)
}

function wordsOf({ error, headers }: Refusal): string {
  const inner = error.inner ?? {}
  const policy = headerValue(headers, 'policy-id')
  return [error.code, asString(inner['code']), error.type, policy, error.message].filter(Boolean).join(' ')
}

const isPermission: ErrorRule['make'] = (options) => new PermissionError(options)
const isAuthentication: ErrorRule['make'] = (options) => new AuthenticationError(options)
const isInvalid: ErrorRule['make'] = (options) => new InvalidRequestError(options)
const isQuota: ErrorRule['make'] = (options) => new QuotaError(options)
const isRateLimit: ErrorRule['make'] = (options) => new RateLimitError(options)
const isVersion: ErrorRule['make'] = (options) =>
  new UnsupportedParameterError({ ...options, parameter: 'api-version' })

function isFilter(options: DuoModelErrorOptions, { error }: Refusal): DuoModelError {
  const categories = filteredCategories(error.inner ?? {})
  return new ContentFilterError({ ...options, categories: categories.length === 0 ? undefined : categories })
}

function filterAdvice(_place: AzureOpenAIPlace, { error }: Refusal): string {
  const categories = filteredCategories(error.inner ?? {})
  const found = categories.length === 0 ? '' : `Found: ${categories.join(', ')}. `
  return `${found}Change the prompt, or the content filter of the deployment.`
}

/** A server that asks to wait longer than this has used up an allowance, and is not just busy. */
const longestRateLimitMs = 3_600_000
const enabledFor = /enabled only for api[- ]versions? ([\w-]+)/i

/**
 * Every refusal of Azure that has an error or an advice of its own; the first that fits counts. Sources: "Azure OpenAI in
 * Azure AI Foundry Models REST API reference", "Content filtering", "Manage Azure OpenAI quota", and issues of clients that
 * quote messages.
 */
const errorRules: readonly ErrorRule[] = [
  {
    statuses: [400],
    words: /\bcontent_filter\b|ResponsibleAIPolicyViolation|content management policy/i,
    make: isFilter,
    advice: filterAdvice,
  },
  // Who asks.
  {
    statuses: [401, 403],
    words: /PermissionDenied|lacks the required data action/i,
    make: isPermission,
    advice:
      "The identity has no role for this. Give it 'Cognitive Services OpenAI User' on the resource; it takes up to five minutes to work.",
  },
  {
    statuses: [401, 403],
    words: /AuthenticationTypeDisabled|key.based authentication is disabled/i,
    make: isAuthentication,
    advice:
      "The resource takes no API keys. Leave out 'apiKey' and pass adapters: [createAzureOpenAIAdapter({ credential })] to use Microsoft Entra ID.",
  },
  {
    statuses: [401],
    words: /tenant .{0,200}does not match|token tenant/i,
    make: isAuthentication,
    advice:
      'The token is of another tenant than the resource. Ask for it in the tenant of the resource (AZURE_TENANT_ID, or tenantId of the credential).',
  },
  { statuses: [401], make: refusedCredential, advice: credentialAdvice },
  {
    statuses: [403],
    words: /out of call volume quota|quota will be replenished/i,
    make: isQuota,
    advice: 'The gateway in front of the resource allows no more calls until then.',
  },
  {
    statuses: [403],
    words: /virtual network|firewall|public access is disabled|private endpoint/i,
    make: isPermission,
    advice:
      'The network rules of the resource keep this machine out. Add its address or network under Networking, or call from within, by the private endpoint.',
  },
  // What is asked for.
  {
    words: /DeploymentNotFound|deployment for this resource does not exist/i,
    make: (options) => new ModelNotFoundError(options),
    advice: ({ options }) =>
      `The resource ${options.origin} has no deployment '${options.deploymentName}'. 'deployment' is the name given in the portal, which need not be the model's; a new one takes up to five minutes.`,
  },
  {
    statuses: [404],
    words: /model_not_found|\bmodel\b.{0,200}(?:does not exist|not found)|unknown_model/i,
    make: (options) => new ModelNotFoundError(options),
    advice: ({ options }) =>
      `With the v1 API the deployment goes as the model: the resource ${options.origin} has none named '${options.deploymentName}'.`,
  },
  {
    statuses: [400, 404, 409],
    words: /DeploymentNotReady|deployment .{0,80}(?:is not ready|still being created|provisioning)/i,
    make: (options) => new ModelNotReadyError(options),
    advice: 'The deployment is being made. Wait until the portal shows it as succeeded.',
  },
  {
    statuses: [400, 404, 410],
    words:
      /ModelDeprecated|DeploymentModel(?:Deprecated|Retired)|(?:model|deployment)\b.{0,120}\b(?:has been|is|was) (?:retired|deprecated)/i,
    make: (options) => new ModelRetiredError(options),
    advice: 'Azure no longer serves this version of the model. Deploy a newer one and name its deployment.',
  },
  {
    words: /OperationNotSupported|operation does not work with the specified model/i,
    make: isInvalid,
    advice: ({ options }, { context }) =>
      `The model behind '${options.deploymentName}' has no ${context.url.endsWith('/chat/completions') ? 'chat completions' : 'completions'}. Deploy a ${context.url.endsWith('/chat/completions') ? 'chat' : 'completions'} model; some answer by the Responses API only.`,
  },
  {
    words: enabledFor,
    make: isVersion,
    advice: (place, { error }) =>
      `${versionAdvice(place)} At least ${enabledFor.exec(error.message)?.[1] ?? 'a newer one'} is needed.`,
  },
  {
    statuses: [400],
    words:
      /api[- ]version.{0,40}(?:not supported|unsupported|invalid)|(?:unsupported|invalid|missing) api[- ]version|InvalidApiVersion|UnsupportedApiVersion/i,
    make: isVersion,
    advice: versionAdvice,
  },
  {
    statuses: [400],
    words: /unrecognized request arguments? supplied/i,
    make: (options, { error }) =>
      new UnsupportedParameterError({
        ...options,
        parameter: /supplied: ([\w.-]+)/i.exec(error.message)?.[1] ?? error.param,
      }),
    advice: (place) => `The model or the API does not know it. ${versionAdvice(place)}`,
  },
  {
    statuses: [404],
    make: (options) => new NotFoundError(options),
    advice: (place) => `Azure says so of a wrong path, host or api-version alike. ${versionAdvice(place)}`,
  },
  // How much.
  {
    statuses: [429],
    isLongWait: true,
    make: isQuota,
    advice: 'A quota is used up. Raise it in the portal (Quotas), or use another deployment until then.',
  },
  {
    statuses: [429],
    words: /provisioned|\bPTU\b/i,
    make: isRateLimit,
    advice:
      'The provisioned throughput is fully used. Wait as long as retryAfterMs says, send the overflow to another deployment (a fallback in the configuration), or buy more units.',
  },
  {
    statuses: [429],
    words: /token rate limit|tokens? per minute|DeploymentRatelimit-Token/i,
    make: isRateLimit,
    advice:
      'Azure counts the prompt and the whole maxOutputTokens in advance, over seconds: lower maxOutputTokens, send fewer requests at once, or raise the tokens per minute of the deployment.',
  },
  {
    statuses: [429],
    words: /call rate limit|request rate limit|requests? per minute/i,
    make: isRateLimit,
    advice: 'Send fewer requests at once, or raise the limit of the deployment.',
  },
]

function versionAdvice({ options }: AzureOpenAIPlace): string {
  const { apiVersion, origin, prefix } = options
  const base = `${origin}${prefix}`
  return apiVersion.isV1
    ? `The v1 API was asked at ${base}/openai/v1. Check 'endpoint', or set 'apiVersion' to '${newestStableVersion}' for the dated API.`
    : `The api-version was '${apiVersion.name}' at ${base}/openai. Check both: '${newestStableVersion}' is the newest that is no preview, and without 'apiVersion' the v1 API is used.`
}

/** A 401 without a reason of its own. Only a token can be replaced; asking again with the same key cannot help. */
function refusedCredential(
  options: DuoModelErrorOptions,
  _refusal: Refusal,
  { authorization }: AzureOpenAIPlace,
): DuoModelError {
  return new AuthenticationError({ ...options, ...(authorization.onRefused() && { retryable: true }) })
}

function credentialAdvice({ options }: AzureOpenAIPlace): string {
  return options.apiKey === undefined
    ? 'The resource does not take the Microsoft Entra ID token: it has expired, or is for another audience (scope) or tenant. Check the scope of createAzureOpenAIAdapter.'
    : `The key is not one of the resource ${options.origin}: it belongs to another resource, or was renewed. Copy 'apiKey' and 'endpoint' from the same page (Keys and Endpoint).`
}
