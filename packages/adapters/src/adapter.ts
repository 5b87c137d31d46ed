import type { AbortSource } from './abort-source.js'
import type { AdapterRequest, CompletionRequest } from './adapter-request.js'
import type { AdapterResponse } from './adapter-response.js'
import type { EndpointHealth, EndpointHealthOptions } from './endpoint-health.js'
import type { EndpointProbeOptions, EndpointReport } from './endpoint-report.js'
import type { ServerReport } from './server-report.js'
import type { AdapterEvent } from './stream-event.js'
import type { TlsSettings } from './transport/tls-settings.js'

/**
 * A serving platform. This file is all an author of a new one has to read: keep this contract, pass the value in
 * `createDuoModelClient(config, { adapters: [yours] })`, and prove it with the conformance runner.
 */
export interface ModelAdapter<Target extends AdapterTarget = AdapterTarget> {
  /** The `platform` of the deployments it serves: a documented id, or a new one. */
  readonly platform: string
  /**
   * Whether a request of kind `completion` (a raw prompt) can be sent. Where it cannot, code completion goes as a
   * conversation.
   * @default false
   */
  readonly supportsRawPrompts?: boolean | undefined
  /**
   * Whether a stream brings the same answer and the same usage as a whole answer, so that the client may ask for a stream
   * where a whole answer is wanted: it does while first tokens tell it how many requests the server runs.
   * @default false
   */
  readonly wholeAnswersMayStream?: boolean | undefined
  /**
   * Prepares one endpoint. Sends nothing. Called once per endpoint, when the first request for it arrives; an SDK that
   * is heavy to load is loaded here.
   * @throws DuoModelError `configuration` where the target cannot be used.
   */
  connect(target: Target, context: AdapterContext): AdapterConnection | Promise<AdapterConnection>
}

/** One endpoint of a deployment, and everything the deployment says about it. */
export interface AdapterTarget {
  /** The deployment's name in the configuration; error messages name it. */
  readonly deployment: string
  /** The model's id in the catalog. */
  readonly model: string
  /** The name the endpoint answers to (`servedModelName`, `modelId`, `deployment`). */
  readonly servedModelName: string
  /** Where the endpoint is; absent on platforms that find it by region. */
  readonly endpoint?: string | undefined
  /** The secret to present. It must never appear in an error, an event or a log. */
  readonly apiKey?: string | undefined
  /** The deployment as configured, for the platform's own settings. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** What the client lends to every connection. */
export interface AdapterContext {
  /** Most time to open a connection, TLS included. */
  readonly connectTimeoutMs: number
  /** Most connections to one endpoint for requests; more of them wait for a free one. Small questions may have their own. */
  readonly maxConnections: number
  /** Trust and certificates of `https://` endpoints. Default: the authorities that come with Node. */
  readonly tls?: TlsSettings | undefined
  /**
   * URL of a proxy (`http://user:password@proxy:3128`), or `environment` for the one that `HTTPS_PROXY`, `HTTP_PROXY` and
   * `NO_PROXY` name. Its credentials must never appear in an error. Default: none, whatever the environment says.
   */
  readonly proxy?: string | undefined
}

/** An endpoint ready for requests; used by many calls at once. */
export interface AdapterConnection {
  /**
   * Sends a request and waits for the whole answer.
   * @throws DuoModelError of the class that fits; `aborted` when `call.signal` fired.
   */
  generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse>
  /**
   * Sends a request and yields the answer as it comes: each item holds every event that one read brought, so that a
   * busy stream costs one promise per read and not one per token. The next read happens when the next item is asked
   * for: a slow consumer slows the server. `return()` closes the upstream socket. The last event is `response-end`:
   * by then the connection has let go of the socket, and nothing more is asked for. A stream that stops without one
   * must throw `stream-interrupted`. What had arrived before a failure is added to the error by the client. Its
   * iterator may be a `BatchIterator`, which saves the promise per read as well.
   */
  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]>
  /**
   * What raw prompts must have in common to share one request to the server: those with the same key may be given to
   * {@link streamMany} together. `undefined` for one that has to be sent alone. Default: absent; nothing is shared.
   */
  sharingKey?(request: CompletionRequest): string | undefined
  /**
   * Sends several raw prompts as one request, when the first of the streams is asked for a batch, and gives the stream of
   * each, in their order. Each is as {@link stream} would have given it, and all of them have to be read or given up: it
   * has its own text, usage and end, its own failure with what had arrived of it, and is given up through its own call,
   * which leaves the others alone. The upstream socket closes with the last one that is given up. Needed with
   * {@link sharingKey}.
   */
  streamMany?(
    requests: readonly CompletionRequest[],
    calls: readonly AdapterCall[],
  ): readonly AsyncIterable<readonly AdapterEvent[]>[]
  /**
   * Asks the endpoint what it is, without having a token generated. A server that is down or hides something is a
   * finding in the report and no exception. Default: absent; the client then learns what a tiny request tells.
   */
  probe?(options: EndpointProbeOptions): Promise<EndpointReport>
  /**
   * Asks the server whether it is able to work; costs no token. The client asks while it is in use: before a replica that
   * was left alone gets requests again, and from time to time where there is no traffic. A server that answers `unknown`
   * before it was ever healthy is not asked again. Default: absent; only traffic tells then.
   * @throws DuoModelError where it is not able to: of the class a request would fail with.
   */
  checkHealth?(options: EndpointHealthOptions): Promise<EndpointHealth>
  /** Closes idle sockets at once and the others when their request ends. */
  close(): Promise<void>
}

/** What belongs to one attempt. */
export interface AdapterCall {
  /**
   * Fires when the caller gave up or a time-out passed; the socket must close within milliseconds. The client makes it
   * when it is first read.
   */
  readonly signal: AbortSignal
  /** Whether a stream is put together again: its caller wants a whole answer. @default false */
  readonly isCollected?: boolean | undefined
  /** The same, lighter than a signal. Listen to one of the two. Default: the signal. */
  readonly abortSource?: AbortSource | undefined
  /** The same on every attempt of one request; sent where the platform has a place for it. */
  readonly requestId: string
  /**
   * Whether somebody waits for the answer. A server that schedules by priority is told; others take requests as they come.
   * @default 'interactive'
   */
  readonly priority?: 'interactive' | 'background' | undefined
  /**
   * Takes what the server says about itself in the head of its answer, a refusal's too: what is left of its rate limits,
   * how busy it is; and what it says when it is asked for its load while it answers. Call it before anything of the answer
   * is handed over, and only where the server said something. Default: nobody wants to know.
   */
  onServerReport?(report: ServerReport): void
}
