import type { HeaderList } from '../http/response-writer.js'
import { rateLimitHeaders } from './azure-headers.js'
import { AzureRequestError } from './azure-request-error.js'
import type { DeploymentExchange } from './deployment-exchange.js'
import type { RateRefusal } from './rate-limiter.js'

/** What a request is expected to take of its deployment's allowance. */
export interface ExpectedUse {
  readonly operation: 'ChatCompletions_Create' | 'Completions_Create'
  readonly promptTokens: number
  /** The request's own limit of the output. */
  readonly limit: number | undefined
  readonly samples: number
}

/** What Azure reckons with when a request sets no limit. */
const defaultLimit = 16

/** Throws the 429 of a deployment that has had enough. Azure estimates tokens from prompt and limit, before anything is generated. */
export function requireAllowance(
  { operation, promptTokens, limit = defaultLimit, samples }: ExpectedUse,
  exchange: DeploymentExchange,
): void {
  const { deployment } = exchange
  const refusal = deployment.limiter.take(promptTokens + limit * samples, performance.now())
  if (refusal === undefined) return
  const headers = [...retryHeaders(refusal, deployment.provisioned), ...rateLimitHeaders(deployment)]
  throw new AzureRequestError(429, { code: '429', message: refusalText(refusal, operation, exchange) }, headers)
}

/** Waits are told in whole seconds; provisioned deployments add milliseconds. */
export function retryHeaders({ retryAfterMs }: Pick<RateRefusal, 'retryAfterMs'>, inMilliseconds: boolean): HeaderList {
  const seconds = ['retry-after', String(Math.ceil(retryAfterMs / 1000))] as const
  return inMilliseconds ? [['retry-after-ms', String(Math.ceil(retryAfterMs))], seconds] : [seconds]
}

function refusalText(
  { exceeded, retryAfterMs }: RateRefusal,
  operation: string,
  { deployment, version }: DeploymentExchange,
): string {
  const seconds = Math.ceil(retryAfterMs / 1000)
  const api = `Azure OpenAI API version ${version}`
  if (deployment.provisioned) {
    return `Requests to the ${operation} Operation under ${api} have exceeded the provisioned throughput of this deployment. Please retry after ${seconds} seconds.`
  }
  if (version === 'v1') {
    return `Your requests to ${deployment.name} for ${deployment.model} in East US have exceeded the ${exceeded} rate limit for your current AIServices S0 pricing tier. This request was for ${operation} under ${api}. Please retry after ${seconds} seconds. To increase your default rate limit, visit: https://aka.ms/oai/quotaincrease.`
  }
  return rateLimitText(operation, version, exceeded, seconds)
}

/** The refusal of a standard deployment by the dated API. */
export function rateLimitText(
  operation: string,
  version: string,
  exceeded: RateRefusal['exceeded'],
  seconds: number,
): string {
  return `Requests to the ${operation} Operation under Azure OpenAI API version ${version} have exceeded ${exceeded} rate limit of your current OpenAI S0 pricing tier. Please retry after ${seconds} seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to further increase the default rate limit.`
}
