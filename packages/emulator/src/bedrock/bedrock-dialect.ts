import { performance } from 'node:perf_hooks'
import type { Dialect, Refusal } from '../dialect.js'
import type { ExceptionFault } from '../faults/fault.js'
import type { Exchange } from '../http/exchange.js'
import { isJsonObject, isNestedTooDeeply, type JsonObject, parseJson } from '../json.js'
import { authenticate } from './authenticate.js'
import { type BedrockExceptionName, bedrockExceptionFacts } from './bedrock-exception.js'
import { bedrockHeaders, errorTypeHeader } from './bedrock-headers.js'
import { BedrockRequestError, malformedInput, validationError } from './bedrock-request-error.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import { answerClaude, answerClaudeStream } from './claude-endpoint.js'
import { answerConverse, answerConverseStream } from './converse-endpoint.js'
import { answerCountTokens } from './count-tokens-endpoint.js'
import { corruptFrame } from './event-stream-frame.js'
import { findModel } from './find-model.js'
import { errorFrame, exceptionFrame, exceptionFrameWith } from './frames.js'
import { requireConstraint } from './json-fields.js'
import { answerMistral, answerMistralStream } from './mistral-endpoint.js'
import type { ModelExchange } from './model-exchange.js'

type Endpoint = (exchange: ModelExchange) => Promise<void>

const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['converse', answerConverse],
  ['converse-stream', answerConverseStream],
  ['invoke', (exchange) => invoke(exchange, answerClaude, answerMistral)],
  ['invoke-with-response-stream', (exchange) => invoke(exchange, answerClaudeStream, answerMistralStream)],
  ['count-tokens', answerCountTokens],
])

function invoke(exchange: ModelExchange, claude: Endpoint, mistral: Endpoint): Promise<void> {
  const { provider } = exchange.model
  if (provider === 'anthropic') return claude(exchange)
  if (provider === 'mistral') return mistral(exchange)
  throw malformedInput(
    "#: the emulator knows the InvokeModel bodies of Anthropic's and Mistral's models only; use Converse",
  )
}

/** A minute: about what AWS's load balancers leave an idle connection open. */
const keepAliveTimeoutMs = 60_000
/** The largest body the API takes. */
const maxBodyBytes = 25_000_000
const invalidRequest = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/** Amazon Bedrock Runtime. */
export function createBedrockDialect(state: BedrockServerState): Dialect {
  return {
    basePath: '',
    acceptsHttp2: true,
    keepAliveTimeoutMs,
    invalidRequest,
    streamFormat: 'frames',
    refusals: { exception: (fault) => refusal(fault, state) },
    corruptEvent: (event, part) => (typeof event === 'string' ? event : corruptFrame(event, part)),
    answer: (exchange) => answer(exchange, state),
    serverHeaders: () => bedrockHeaders(state),
    streamFailure: (body) => {
      if (body === undefined) return [exceptionFrame('InternalServerException')]
      return [exceptionFrameWith('InternalServerException', body)]
    },
    metrics: () => state.metrics.text(state.engine),
  }
}

function refusal({ exception, message, messageType }: ExceptionFault, state: BedrockServerState): Refusal {
  const text = message ?? bedrockExceptionFacts(exception).message
  const frame = messageType === 'error' ? errorFrame(exception, text) : exceptionFrame(exception, text)
  return { ...errorResponse(exception, text, state), events: [frame] }
}

async function answer(exchange: Exchange, state: BedrockServerState): Promise<void> {
  const startedAt = performance.now()
  let model = ''
  try {
    const { endpoint, modelId, isInvoke } = readRoute(exchange)
    authenticate(exchange, state)
    const found = findModel(modelId, state)
    model = found.id
    await endpoint({ exchange, state, startedAt, model: found, modelId, body: readBody(exchange, isInvoke) })
  } catch (error) {
    exchange.reply.signal.throwIfAborted()
    await answerError(error, model, exchange, state)
  }
}

interface Route {
  readonly endpoint: Endpoint
  readonly modelId: string
  readonly isInvoke: boolean
}

function readRoute({ method, pathname }: Exchange): Route {
  const [, label = '', operation = ''] = /^\/model\/([^/]+)\/([a-z-]+)$/.exec(pathname) ?? []
  const endpoint = method === 'POST' ? endpoints.get(operation) : undefined
  if (endpoint === undefined) throw new BedrockRequestError('UnknownOperationException')
  return { endpoint, modelId: decode(label), isInvoke: operation.startsWith('invoke') }
}

/** A model id is one label of the path, percent-encoded: ARNs hold slashes. */
function decode(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch {
    throw validationError('The provided model identifier is invalid.')
  }
}

/** The bodies of InvokeModel belong to the model's provider, those of Converse to AWS; each complains in its own words. */
function readBody({ body, bodyBytes }: Exchange, isInvoke: boolean): JsonObject {
  const isSmall = bodyBytes.length <= maxBodyBytes
  requireConstraint(isSmall, bodyBytes.length, 'body', `have length less than or equal to ${maxBodyBytes}`)
  const value = body === '' ? {} : parseJson(body)
  if (isJsonObject(value) && !isNestedTooDeeply(value)) return value
  if (isInvoke) throw validationError('Malformed input request, please reformat your input and try again.')
  throw new BedrockRequestError('SerializationException', 'The request body is no JSON object, or nested too deeply.')
}

/** What is no refusal of the emulator's can only be a failure of the user's `respond` function; its message is what they need. */
async function answerError(
  error: unknown,
  model: string,
  { reply }: Exchange,
  state: BedrockServerState,
): Promise<void> {
  const isRefusal = error instanceof BedrockRequestError
  const exception = isRefusal ? error.exception : 'InternalServerException'
  const message = error instanceof Error ? error.message : String(error)
  if (reply.started) {
    await reply.write(exceptionFrame(exception, message))
    return reply.end()
  }
  const { status, headers, body } = errorResponse(exception, message, state)
  state.metrics.countRequest(model, status)
  await reply.send(status, headers, body)
}

function errorResponse(
  exception: BedrockExceptionName,
  message: string,
  state: BedrockServerState,
): Omit<Refusal, 'events'> {
  const { status, members } = bedrockExceptionFacts(exception)
  const type = ['Content-Type', 'application/json'] as const
  const headers = [...bedrockHeaders(state), type, errorTypeHeader(exception)]
  if (exception === 'UnknownOperationException') {
    const body = { Output: { __type: 'com.amazon.coral.service#UnknownOperationException' }, Version: '1.0' }
    return { status, headers, body: JSON.stringify(body) }
  }
  return { status, headers, body: JSON.stringify({ message, ...members }) }
}
