import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Dialect } from './dialect.js'
import { EmulatorError } from './emulator-error.js'
import type { EmulatorOptions, EmulatorPlatform } from './emulator-options.js'
import { applyFault } from './faults/apply-fault.js'
import type { Fault } from './faults/fault.js'
import { FaultPlan } from './faults/fault-plan.js'
import { startLoopbackServer } from './http/loopback-server.js'
import { readBody } from './http/read-body.js'
import { SocketReply } from './http/reply.js'
import { parseJson } from './json.js'
import type { RecordedRequest } from './recorded-request.js'
import { RequestLog } from './request-log.js'
import { createVllmState } from './vllm/create-vllm-state.js'
import { createVllmDialect } from './vllm/vllm-dialect.js'

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Scheme, host and port, such as `http://127.0.0.1:41234`. */
  readonly url: string
  /** What an OpenAI client takes as its base URL: `url` with `/v1`. */
  readonly baseUrl: string
  /**
   * The requests received, oldest first. At most the last 10,000, and of those as many as fit into 128 Mi characters of
   * bodies; `index` tells how many came before.
   */
  readonly requests: readonly RecordedRequest[]
  /** The server's own metrics: for vLLM the text of `GET /metrics`. */
  metrics(): string
  /**
   * Replaces all faults, with their counters at zero. Requests that are under way are not affected.
   *
   * @throws EmulatorError `invalid-option` for a fault that cannot be carried out; the old faults then stay.
   */
  setFaults(faults: readonly Fault[]): void
  /** Stops the server: destroys open connections and frees the port. May be called more than once. */
  close(): Promise<void>
}

/** uvicorn's default. */
const defaultKeepAliveTimeoutMs = 5_000

const dialects: Readonly<Record<EmulatorPlatform, (options: EmulatorOptions) => Dialect>> = {
  vllm: (options) => createVllmDialect(createVllmState(options)),
}

/**
 * Starts a server on this machine's loopback address that speaks the protocol of a serving platform, without a GPU,
 * a model or keys. Resolves once it listens.
 *
 * @throws EmulatorError `unsupported-platform`, `invalid-option`, `not-loopback` or `address-unavailable`.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  if (!Object.hasOwn(dialects, options.platform)) throw unsupportedPlatform(options.platform)
  const { port = 0, keepAliveTimeoutMs = defaultKeepAliveTimeoutMs } = options
  checkWhole('port', port, 0, 65_535)
  checkWhole('keepAliveTimeoutMs', keepAliveTimeoutMs, 1, 2_147_483_647)
  const dialect = dialects[options.platform](options)
  const running: RunningEmulator = {
    dialect,
    log: new RequestLog(),
    plan: new FaultPlan(options.faults ?? [], options.seed ?? 0),
    isClosing: false,
  }
  const server = await startLoopbackServer({
    host: options.host ?? '127.0.0.1',
    port,
    keepAliveTimeoutMs,
    accept: (socket) => acceptConnection(socket, running),
    handle: (request, response) => void handleRequest(request, response, running),
  })
  const close = () => {
    running.isClosing = true
    return server.close()
  }
  return {
    url: server.origin,
    baseUrl: `${server.origin}/v1`,
    requests: running.log.entries,
    metrics: () => dialect.metrics(),
    setFaults: (faults) => {
      running.plan = new FaultPlan(faults, options.seed ?? 0)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface RunningEmulator {
  readonly dialect: Dialect
  readonly log: RequestLog
  plan: FaultPlan
  isClosing: boolean
}

function acceptConnection(socket: Socket, { plan }: RunningEmulator): boolean {
  if (!plan.resetsConnection()) return true
  socket.resetAndDestroy()
  return false
}

async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  running: RunningEmulator,
): Promise<void> {
  const record = running.log.add(request)
  const reply = new SocketReply(response, record, () => running.isClosing)
  try {
    const body = await readBody(request)
    if (body === undefined) return await reply.send(413, [['connection', 'close']], 'The request body is too large.')
    running.log.setBody(record, body)
    record.json = parseJson(body)
    const [pathname = ''] = record.path.split('?')
    const hit = running.plan.forRequest(record, pathname)
    record.fault = hit?.fault.kind
    const throughFault = hit === undefined ? reply : await applyFault(hit, reply, running.dialect)
    if (throughFault === undefined) return
    await running.dialect.answer({
      method: record.method,
      pathname,
      headers: request.headers,
      body,
      reply: throughFault,
    })
  } catch {
    // The dialect turns its own failures into answers; what arrives here is a connection that is gone.
    if (!record.finished) response.destroy()
  }
}

function unsupportedPlatform(platform: unknown): EmulatorError {
  const available = Object.keys(dialects).join(', ')
  return new EmulatorError(
    'unsupported-platform',
    `There is no emulator for platform ${JSON.stringify(platform)}. Available: ${available}.`,
  )
}

function checkWhole(option: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return
  throw new EmulatorError(
    'invalid-option',
    `${option} must be a whole number from ${min} to ${max}; it is ${String(value)}.`,
  )
}
