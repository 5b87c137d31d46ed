import type { Socket } from 'node:net'
import type { Client, Dispatcher, Pool } from 'undici'
import { type Connector, type ConnectorSettings, createConnector } from './create-connector.js'
import type { ExchangeStage, HttpExchange, HttpHeaders, HttpRequest, HttpResponseHandler } from './http-exchange.js'
import { errorCode, interimFloodCode } from './network-error.js'

/** What a pool is made for. */
export interface HttpPoolOptions extends ConnectorSettings {
  /** Scheme, host and port. */
  readonly origin: string
  readonly maxConnections: number
}

/** Idle sockets are closed after this time: uvicorn, which vLLM runs on, closes its side after 5 s. */
const keepAliveTimeoutMs = 4_000
const maxHeaderBytes = 32 * 1024
/** More interim answers (1xx) than this are an attack. */
const maxInterimResponses = 32

/** One connection of the pool, and what its present socket has been used for. */
interface ConnectionState {
  socket: Socket | undefined
  requestsOnSocket: number
}

type UndiciModule = typeof import('undici')
type TrackedOptions = Dispatcher.DispatchOptions & { exchange?: PooledExchange }

/**
 * Keep-alive connections to one origin, on the lowest level undici offers: bytes go from the socket's read to the
 * handler without a stream, a promise or an event in between. undici's own time limits are off; the caller's signal
 * carries them.
 */
export class HttpPool {
  readonly #pool: Pool
  readonly #openClient: () => Client
  readonly #proxied: ProxiedOrigin | undefined

  private constructor(pool: Pool, openClient: () => Client, proxied: ProxiedOrigin | undefined) {
    this.#pool = pool
    this.#openClient = openClient
    this.#proxied = proxied
  }

  /** Loads undici and prepares the pool; no connection is opened yet. */
  static async open(options: HttpPoolOptions): Promise<HttpPool> {
    const undici = await import('undici')
    const settings = {
      connect: createConnector(undici, options),
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveMaxTimeout: keepAliveTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
      pipelining: 1,
    }
    const openClient = createClientFactory(undici, settings, options.origin)
    const pool = new undici.Pool(options.origin, {
      ...settings,
      connections: options.maxConnections,
      factory: openClient,
    })
    return new HttpPool(pool, openClient, proxiedOrigin(options))
  }

  /** Sends a request, and tells `handler` what comes back. */
  send(request: HttpRequest, handler: HttpResponseHandler): HttpExchange {
    const sent = this.#proxied ? forProxy(request, this.#proxied) : request
    return new PooledExchange(this.#pool, this.#openClient, sent, handler)
  }

  /** Closes idle sockets at once and the others when their exchange ends. */
  close(): Promise<void> {
    return this.#pool.closed || this.#pool.destroyed ? Promise.resolve() : this.#pool.close()
  }
}

/** An endpoint without TLS behind a proxy: the proxy reads the requests, and is told where they go. */
interface ProxiedOrigin {
  readonly origin: string
  readonly authorization: string | undefined
}

function proxiedOrigin({ origin, proxy }: HttpPoolOptions): ProxiedOrigin | undefined {
  return proxy && origin.startsWith('http:') ? { origin, authorization: proxy.authorization } : undefined
}

function forProxy(request: HttpRequest, { origin, authorization }: ProxiedOrigin): HttpRequest {
  const headers = authorization === undefined ? {} : { 'proxy-authorization': authorization }
  return { ...request, path: `${origin}${request.path}`, headers: { ...request.headers, ...headers } }
}

/** Makes connections that tell an exchange which socket serves it, so that a stale one can be told from a broken server. */
function createClientFactory(undici: UndiciModule, settings: Client.Options, origin: string): () => Client {
  const connect = settings.connect as Connector
  class TrackingClient extends undici.Client {
    readonly state: ConnectionState

    constructor(state: ConnectionState) {
      const trackedConnect: Connector = (options, callback) =>
        connect(options, (...outcome: Parameters<typeof callback>) => {
          state.socket = outcome[1] ?? undefined
          state.requestsOnSocket = 0
          callback(...outcome)
        })
      super(origin, { ...settings, connect: trackedConnect })
      this.state = state
    }

    override dispatch(options: TrackedOptions, handler: Dispatcher.DispatchHandler): boolean {
      options.exchange?.assign(this.state)
      return super.dispatch(options, handler)
    }
  }
  return () => new TrackingClient({ socket: undefined, requestsOnSocket: 0 })
}

class PooledExchange implements HttpExchange, Dispatcher.DispatchHandler {
  readonly #openClient: () => Client
  readonly #request: HttpRequest
  readonly #handler: HttpResponseHandler
  #controller: Dispatcher.DispatchController | undefined
  #connection: ConnectionState | undefined
  #stage: ExchangeStage = 'connect'
  #isAborted = false
  #isPaused = false
  #isReusedSocket = false
  #bytesReadBefore = 0
  #interimResponses = 0
  /** The one connection of the second try. */
  #freshClient: Client | undefined

  constructor(pool: Pool, openClient: () => Client, request: HttpRequest, handler: HttpResponseHandler) {
    this.#openClient = openClient
    this.#request = request
    this.#handler = handler
    this.#dispatch(pool)
  }

  #dispatch(dispatcher: Dispatcher): void {
    const { method, path, headers, body } = this.#request
    const options: TrackedOptions = { method, path, headers, body: body ?? null, exchange: this }
    dispatcher.dispatch(options, this)
  }

  /** Told by the connection that will send the request. */
  assign(connection: ConnectionState): void {
    this.#connection = connection
  }

  pause(): void {
    this.#isPaused = true
    this.#controller?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#controller?.resume()
  }

  abort(): void {
    if (this.#isAborted) return
    this.#isAborted = true
    const error = new Error('The exchange was aborted.')
    // undici's own abort would open a new connection for the dead request. The socket serves no other one.
    const socket = this.#stage === 'connect' ? undefined : this.#connection?.socket
    if (socket) socket.destroy(error)
    else this.#controller?.abort(error)
    this.#releaseFreshClient()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isAborted) {
      controller.abort(new Error('The exchange was aborted.'))
      return
    }
    this.#stage = 'request'
    const connection = this.#connection
    this.#isReusedSocket = connection !== undefined && connection.requestsOnSocket++ > 0
    this.#bytesReadBefore = connection?.socket?.bytesRead ?? 0
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    if (this.#isAborted) return
    if (status < 200) {
      this.#countInterimResponse(controller)
      return
    }
    this.#stage = 'response'
    this.#handler.onHead(status, headers)
    if (this.#isPaused) controller.pause()
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isAborted) this.#handler.onData(chunk)
  }

  onResponseEnd(): void {
    if (!this.#isAborted) this.#handler.onEnd()
    this.#releaseFreshClient()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isAborted) return
    if (this.#isStaleSocket(error)) {
      this.#sendOnFreshSocket()
      return
    }
    this.#releaseFreshClient()
    this.#handler.onFailure(error, this.#stage)
  }

  #countInterimResponse(controller: Dispatcher.DispatchController): void {
    if (++this.#interimResponses <= maxInterimResponses) return
    const error = Object.assign(new Error('The server sends interim answers without end.'), {
      code: interimFloodCode,
    })
    controller.abort(error)
  }

  /** The server closed an idle socket while the request was on its way: it never saw the request. */
  #isStaleSocket(error: Error): boolean {
    if (this.#stage !== 'request' || !this.#isReusedSocket || this.#freshClient) return false
    if (!['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(errorCode(error))) return false
    return this.#connection?.socket?.bytesRead === this.#bytesReadBefore
  }

  #sendOnFreshSocket(): void {
    this.#stage = 'connect'
    this.#controller = undefined
    this.#freshClient = this.#openClient()
    this.#dispatch(this.#freshClient)
  }

  #releaseFreshClient(): void {
    const client = this.#freshClient
    if (!client || client.closed || client.destroyed) return
    if (this.#isAborted) void client.destroy()
    else void client.close()
  }
}
