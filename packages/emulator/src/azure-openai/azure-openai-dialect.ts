import type { Dialect, Refusal } from '../dialect.js'
import type { RateLimitFault } from '../faults/fault.js'
import type { Exchange } from '../http/exchange.js'
import type { HeaderList } from '../http/response-writer.js'
import type { JsonObject } from '../json.js'
import { sortedJson } from '../sorted-json.js'
import { authenticate } from './authenticate.js'
import { azureHeaders } from './azure-headers.js'
import type { AzureDeployment, AzureOpenAIServerState } from './azure-openai-server-state.js'
import { AzureRequestError, invalidRequest as badRequest, platformError } from './azure-request-error.js'
import { parseBody } from './body-reader.js'
import { answerChat } from './chat-endpoint.js'
import { answerCompletions } from './completions-endpoint.js'
import { modelList } from './model-list.js'
import { rateLimitText, retryHeaders } from './require-allowance.js'
import { type AzureRoute, isV1Path, readApiVersion, readRoute } from './route.js'

/** A minute: the front door of Azure leaves idle connections open longer than any emulator is used. */
const keepAliveTimeoutMs = 60_000
const invalidRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
const internalError = 'The server had an error while processing your request. Sorry about that!'

/** An Azure OpenAI resource. */
export function createAzureOpenAIDialect(state: AzureOpenAIServerState): Dialect {
  return {
    basePath: '',
    acceptsHttp2: false,
    keepAliveTimeoutMs,
    invalidRequest,
    streamFormat: 'server-sent-events',
    refusals: { 'rate-limit': (fault) => rateLimitRefusal(fault, state) },
    answer: (exchange) => answer(exchange, state),
    serverHeaders: () => azureHeaders(state),
    streamFailure: (body) => [`data: ${body ?? JSON.stringify(serverError(internalError))}\n\n`],
    metrics: () => state.metrics.text(state.engine),
  }
}

async function answer(exchange: Exchange, state: AzureOpenAIServerState): Promise<void> {
  let deployment = ''
  try {
    const isV1 = isV1Path(exchange)
    authenticate(exchange, isV1, state)
    const route = readRoute(exchange)
    const version = readApiVersion(exchange, isV1, state)
    if (route.operation === 'models') return await sendModels(exchange, state)
    const body = parseBody(exchange.body)
    const found = findDeployment(route, body, state)
    deployment = found.name
    const answerOperation = route.operation === 'chat' ? answerChat : answerCompletions
    await answerOperation({ exchange, state, deployment: found, version, body })
  } catch (error) {
    exchange.reply.signal.throwIfAborted()
    await answerError(error, deployment, exchange, state)
  }
}

function sendModels({ reply }: Exchange, state: AzureOpenAIServerState): Promise<void> {
  state.metrics.countRequest('', 200)
  const type = ['content-type', 'application/json'] as const
  return reply.send(200, [...azureHeaders(state), type], `${sortedJson(modelList(state))}\n`)
}

/** The deployment of the path or, with the v1 API, of the body, for an operation its model can do. */
function findDeployment(route: AzureRoute, body: JsonObject, { deployments }: AzureOpenAIServerState): AzureDeployment {
  const name = route.deployment ?? body['model'] ?? null
  if (name === null) throw badRequest("Missing required parameter: 'model'.", 'model', 'missing_required_parameter')
  const deployment = typeof name === 'string' ? deployments.get(name) : undefined
  if (deployment === undefined) {
    throw platformError(
      404,
      'DeploymentNotFound',
      'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
    )
  }
  if (deployment.operation === route.operation) return deployment
  const operation = route.operation === 'chat' ? 'chatCompletion' : 'completion'
  throw platformError(
    400,
    'OperationNotSupported',
    `The ${operation} operation does not work with the specified model, ${deployment.model}. Please choose different model and try again. You can learn more about which models can be used with each operation here: https://go.microsoft.com/fwlink/?linkid=2197993.`,
  )
}

/** What is no refusal of the emulator's can only be a failure of the user's `respond` function; its message is what they need. */
async function answerError(
  error: unknown,
  deployment: string,
  { reply }: Exchange,
  state: AzureOpenAIServerState,
): Promise<void> {
  const isRefusal = error instanceof AzureRequestError
  const body = isRefusal ? { error: error.error } : serverError(error instanceof Error ? error.message : String(error))
  if (reply.started) {
    await reply.write(`data: ${JSON.stringify(body)}\n\n`)
    return reply.end()
  }
  const status = isRefusal ? error.status : 500
  state.metrics.countRequest(deployment, status)
  await reply.send(status, errorHeaders(state, isRefusal ? error.headers : []), JSON.stringify(body))
}

function errorHeaders(state: AzureOpenAIServerState, more: HeaderList): HeaderList {
  return [...azureHeaders(state), ['content-type', 'application/json'], ...more]
}

function serverError(message: string): JsonObject {
  return { error: { message, type: 'server_error', param: null, code: null } }
}

/** The wait a `rate-limit` fault asks for when it names none. */
const defaultRetryAfterMs = 2_000

function rateLimitRefusal(
  { retryAfterMs = defaultRetryAfterMs, announcedBy = 'retry-after' }: RateLimitFault,
  state: AzureOpenAIServerState,
): Refusal {
  const seconds = Math.ceil(retryAfterMs / 1000)
  const text =
    announcedBy === 'policy'
      ? `Rate limit is exceeded. Try again in ${seconds} seconds.`
      : rateLimitText('ChatCompletions_Create', '2024-10-21', 'token', seconds)
  const inStream = { type: 'too_many_requests', code: 'rate_limit_exceeded', message: text, param: null }
  return {
    status: 429,
    headers: errorHeaders(state, announcement(announcedBy, retryAfterMs)),
    body: JSON.stringify({ error: { code: '429', message: text } }),
    events: [`data: ${JSON.stringify({ error: inStream })}\n\n`],
  }
}

function announcement(how: NonNullable<RateLimitFault['announcedBy']>, retryAfterMs: number): HeaderList {
  if (how === 'message') return []
  if (how !== 'policy') return retryHeaders({ retryAfterMs }, how === 'retry-after-ms')
  return [
    ['x-rate-limit-reset-tokens', String(Math.ceil(retryAfterMs / 1000))],
    ['policy-id', 'DeploymentRatelimit-Token'],
  ]
}
