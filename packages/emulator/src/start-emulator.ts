import type { Socket } from 'node:net'
import { createAzureOpenAIDialect } from './azure-openai/azure-openai-dialect.js'
import { createAzureOpenAIState } from './azure-openai/create-azure-openai-state.js'
import { createBedrockDialect } from './bedrock/bedrock-dialect.js'
import { createBedrockState } from './bedrock/create-bedrock-state.js'
import { checkOptionNames } from './check-option-names.js'
import type { Dialect } from './dialect.js'
import { EmulatorError } from './emulator-error.js'
import type { EmulatorOptions, EmulatorPlatform } from './emulator-options.js'
import { applyFault } from './faults/apply-fault.js'
import type { Fault } from './faults/fault.js'
import { FaultPlan } from './faults/fault-plan.js'
import { startLoopbackServer } from './http/loopback-server.js'
import { readBody } from './http/read-body.js'
import type { ReceivedRequest } from './http/received-request.js'
import { SocketReply } from './http/reply.js'
import { invalidOption } from './invalid-option.js'
import { parseJson } from './json.js'
import type { RecordedRequest } from './recorded-request.js'
import { RequestLog } from './request-log.js'
import { createVllmState } from './vllm/create-vllm-state.js'
import { createVllmDialect } from './vllm/vllm-dialect.js'

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Scheme, host and port, such as `http://127.0.0.1:41234`. */
  readonly url: string
  /**
   * What a client of the platform is given: with vLLM an OpenAI client's base URL (`url` with `/v1`), with Amazon Bedrock
   * the AWS SDK's `endpoint` (`url`), with Azure OpenAI the `endpoint` of `AzureOpenAI` (`url`; for the v1 API,
   * `${url}/openai/v1` is the base URL of an OpenAI client).
   */
  readonly baseUrl: string
  /**
   * The requests received, oldest first. At most the last 10,000, and of those as many as fit into 128 Mi characters of
   * bodies; `index` tells how many came before.
   */
  readonly requests: readonly RecordedRequest[]
  /**
   * The server's metrics in Prometheus' text format: for vLLM that of `GET /metrics`, for the others the emulator's own
   * counts of requests and tokens.
   */
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

/** Makes the dialect for a platform's options. */
function createDialect(options: EmulatorOptions): Dialect {
  switch (options.platform) {
    case 'vllm':
      return createVllmDialect(createVllmState(options))
    case 'bedrock':
      return createBedrockDialect(createBedrockState(options))
    case 'azure-openai':
      return createAzureOpenAIDialect(createAzureOpenAIState(options))
  }
}

const platforms: readonly EmulatorPlatform[] = ['vllm', 'bedrock', 'azure-openai']

/**
 * Starts a server on this machine's loopback address that speaks the protocol of a serving platform, without a GPU,
 * a model or keys. Resolves once it listens.
 *
 * @throws EmulatorError `unsupported-platform`, `invalid-option`, `not-loopback` or `address-unavailable`.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  if (!platforms.includes(options.platform)) throw unsupportedPlatform(options.platform)
  checkOptionNames(options)
  const { port = 0, seed = 0 } = options
  const dialect = createDialect(options)
  const { keepAliveTimeoutMs = dialect.keepAliveTimeoutMs } = options
  checkWhole('port', port, 0, 65_535)
  checkWhole('keepAliveTimeoutMs', keepAliveTimeoutMs, 1, 2_147_483_647)
  const running: RunningEmulator = {
    dialect,
    log: new RequestLog(),
    plan: new FaultPlan(options.faults ?? [], seed, dialect),
    isClosing: false,
  }
  const server = await startLoopbackServer({
    host: options.host ?? '127.0.0.1',
    port,
    keepAliveTimeoutMs,
    invalidRequest: dialect.invalidRequest,
    acceptsHttp2: dialect.acceptsHttp2,
    accept: (socket) => acceptConnection(socket, running),
    handle: (request) => void handleRequest(request, running),
  })
  const close = () => {
    running.isClosing = true
    return server.close()
  }
  return {
    url: server.origin,
    baseUrl: server.origin + dialect.basePath,
    requests: running.log.entries,
    metrics: () => dialect.metrics(),
    setFaults: (faults) => {
      running.plan = new FaultPlan(faults, seed, dialect)
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

async function handleRequest(request: ReceivedRequest, running: RunningEmulator): Promise<void> {
  const record = running.log.add(request)
  const reply = new SocketReply(request.writer, record, () => running.isClosing)
  try {
    const bodyBytes = await readBody(request.body)
    if (bodyBytes === undefined) return await refuseBody(request, reply)
    const body = bodyBytes.toString('utf8')
    running.log.setBody(record, body)
    record.json = parseJson(body)
    const [pathname, query] = splitPath(record.path)
    const hit = running.plan.forRequest(record, pathname)
    record.fault = hit?.fault.kind
    const throughFault = hit === undefined ? reply : await applyFault(hit, reply, running.dialect)
    if (throughFault === undefined) return
    const { method, headers } = request
    await running.dialect.answer({ method, pathname, query, headers, body, bodyBytes, reply: throughFault })
  } catch {
    // The dialect turns its own failures into answers; what arrives here is a connection that is gone.
    if (!record.finished) request.writer.destroy()
  }
}

async function refuseBody({ body }: ReceivedRequest, reply: SocketReply): Promise<void> {
  await reply.send(413, [['connection', 'close']], 'The request body is too large.')
  // An HTTP/2 client sends on, and would wait for ever to be allowed to.
  body.resume()
}

function splitPath(path: string): readonly [pathname: string, query: string] {
  const mark = path.indexOf('?')
  return mark < 0 ? [path, ''] : [path.slice(0, mark), path.slice(mark + 1)]
}

function unsupportedPlatform(platform: unknown): EmulatorError {
  return new EmulatorError(
    'unsupported-platform',
    `There is no emulator for platform ${JSON.stringify(platform)}. Available: ${platforms.join(', ')}.`,
  )
}

function checkWhole(option: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return
  throw invalidOption(option, value, `a whole number from ${min} to ${max}`)
}
