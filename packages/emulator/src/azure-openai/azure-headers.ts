import type { HeaderList } from '../http/response-writer.js'
import { uuid } from '../uuid.js'
import type { AzureDeployment, AzureOpenAIServerState } from './azure-openai-server-state.js'
import type { RateAllowance } from './rate-limiter.js'

/** The headers Azure puts on every response. */
export function azureHeaders({ ids }: Pick<AzureOpenAIServerState, 'ids'>): HeaderList {
  return [
    ['date', new Date().toUTCString()],
    ['apim-request-id', uuid(ids)],
    ['x-request-id', uuid(ids)],
    ['x-ms-region', 'East US'],
    ['x-content-type-options', 'nosniff'],
    ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
  ]
}

/** The headers of an answer that a deployment gave. */
export function deploymentHeaders(deployment: AzureDeployment, state: AzureOpenAIServerState): HeaderList {
  return [
    ['azureml-model-session', `d${state.ids.hex(12)}`],
    ['x-ms-deployment-name', deployment.name],
    ['x-ms-is-spilled-over', 'false'],
    ['x-ms-rai-invoked', String(state.contentFilter !== 'off')],
    ...rateLimitHeaders(deployment),
  ]
}

/** What is left of a deployment's allowance, in plain numbers; -1 where nothing is limited, which means "unknown". */
export function rateLimitHeaders({ limiter }: AzureDeployment): HeaderList {
  const { requests, tokens } = limiter.allowances(performance.now())
  return [...allowanceHeaders('requests', requests), ...allowanceHeaders('tokens', tokens)]
}

function allowanceHeaders(what: 'requests' | 'tokens', allowance: RateAllowance | undefined): HeaderList {
  if (allowance === undefined) return [[`x-ratelimit-remaining-${what}`, '-1']]
  return [
    [`x-ratelimit-limit-${what}`, String(allowance.limit)],
    [`x-ratelimit-remaining-${what}`, String(allowance.remaining)],
    [`x-ratelimit-reset-${what}`, String(allowance.resetSeconds)],
  ]
}
