import type { Dialect } from '../dialect.js'
import type { Exchange } from '../http/exchange.js'
import { isAuthorized } from './authorization.js'
import { answerChat } from './chat-endpoint.js'
import { answerCompletions } from './completions-endpoint.js'
import { errorBody, streamErrorData } from './error-body.js'
import { modelList } from './model-list.js'
import { prometheusText } from './prometheus-text.js'
import { sendEmpty, sendJson } from './send-json.js'
import { answerDetokenize, answerTokenize } from './tokenize-endpoint.js'
import { uvicornHeaders } from './uvicorn-headers.js'
import { VllmRequestError } from './vllm-request-error.js'
import type { VllmServerState } from './vllm-server-state.js'

interface Route {
  readonly methods: readonly string[]
  readonly answer: (exchange: Exchange, state: VllmServerState) => Promise<void>
}

const health: Route['answer'] = ({ reply }) => sendEmpty(reply, 200)

const metrics: Route['answer'] = ({ reply }, state) => {
  const type = ['content-type', 'text/plain; version=0.0.4; charset=utf-8'] as const
  return reply.send(200, [...uvicornHeaders(), type], prometheusText(state))
}

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/health', { methods: ['GET'], answer: health }],
  ['/ping', { methods: ['GET', 'POST'], answer: health }],
  [
    '/version',
    { methods: ['GET'], answer: ({ reply }, { behaviour }) => sendJson(reply, 200, { version: behaviour.version }) },
  ],
  ['/v1/models', { methods: ['GET'], answer: ({ reply }, state) => sendJson(reply, 200, modelList(state)) }],
  ['/v1/chat/completions', { methods: ['POST'], answer: answerChat }],
  ['/v1/completions', { methods: ['POST'], answer: answerCompletions }],
  ['/tokenize', { methods: ['POST'], answer: answerTokenize }],
  ['/detokenize', { methods: ['POST'], answer: answerDetokenize }],
  ['/metrics', { methods: ['GET'], answer: metrics }],
  ['/metrics/', { methods: ['GET'], answer: metrics }],
])

/** uvicorn's default. */
const keepAliveTimeoutMs = 5_000

/** What uvicorn answers to bytes that are not HTTP. */
const invalidRequest =
  'HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\ncontent-length: 30\r\n\r\n' +
  'Invalid HTTP request received.'

/** The vLLM OpenAI-compatible server. */
export function createVllmDialect(state: VllmServerState): Dialect {
  return {
    basePath: '/v1',
    acceptsHttp2: false,
    keepAliveTimeoutMs,
    invalidRequest,
    streamFormat: 'server-sent-events',
    refusals: {},
    answer: (exchange) => answer(exchange, state),
    serverHeaders: uvicornHeaders,
    streamFailure: (body) => {
      const details = { status: 500, type: 'InternalServerError', message: 'The engine failed.', param: null }
      return [`data: ${body ?? streamErrorData(details, state.behaviour)}\n\n`, 'data: [DONE]\n\n']
    },
    metrics: () => prometheusText(state),
  }
}

async function answer(exchange: Exchange, state: VllmServerState): Promise<void> {
  try {
    await dispatch(withRequestId(exchange, state), state)
  } catch (error) {
    exchange.reply.signal.throwIfAborted()
    await answerError(error, exchange, state)
  }
}

async function dispatch(exchange: Exchange, state: VllmServerState): Promise<void> {
  const { pathname, method, headers, reply } = exchange
  if (!isAuthorized(pathname, method, headers.authorization, state))
    return sendJson(reply, 401, { error: 'Unauthorized' })
  const route = pathname === '/ping' && !state.behaviour.hasPing ? undefined : routes.get(pathname)
  if (route === undefined) return httpError(404, 'Not Found', exchange, state)
  if (route.methods.includes(method)) return route.answer(exchange, state)
  return httpError(405, 'Method Not Allowed', exchange, state, [['allow', route.methods.join(', ')]])
}

function httpError(
  status: number,
  phrase: string,
  { reply }: Exchange,
  { behaviour }: VllmServerState,
  headers: readonly (readonly [string, string])[] = [],
): Promise<void> {
  const details = { status, type: phrase, message: phrase, param: null }
  return sendJson(
    reply,
    status,
    behaviour.wrapsHttpErrors ? errorBody(details, behaviour) : { detail: phrase },
    headers,
  )
}

async function answerError(error: unknown, { reply }: Exchange, { behaviour }: VllmServerState): Promise<void> {
  const details =
    error instanceof VllmRequestError
      ? error
      : { status: 500, type: 'InternalServerError', message: describe(error), param: null }
  if (!reply.started) return sendJson(reply, details.status, errorBody(details, behaviour))
  await reply.write(`data: ${streamErrorData(details, behaviour)}\n\n`)
  await reply.write('data: [DONE]\n\n')
  await reply.end()
}

/** Only the user's `respond` function can fail here; its message is what the user needs. */
function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Adds the `x-request-id` that older servers put on every response. */
function withRequestId(exchange: Exchange, { behaviour, ids }: VllmServerState): Exchange {
  if (!behaviour.sendsRequestId) return exchange
  const given = exchange.headers['x-request-id']
  const id = typeof given === 'string' && given !== '' ? given : ids.hex(32)
  const { reply } = exchange
  const header = ['x-request-id', id] as const
  return {
    ...exchange,
    reply: {
      get signal() {
        return reply.signal
      },
      get started() {
        return reply.started
      },
      send: (status, headers, body) => reply.send(status, [...headers, header], body),
      start: (status, headers) => reply.start(status, [...headers, header]),
      write: (event) => reply.write(event),
      end: () => reply.end(),
    },
  }
}
