import type { Report } from '@duo-models/rules'
import type { BatchOptions } from './batch/batch-options.js'
import type { BatchRun } from './batch/batch-run.js'
import type { BatchRequests } from './batch/batch-source.js'
import type { ModelRequest } from './model-request.js'
import type { ModelResponse } from './model-response.js'
import type { ModelStream } from './model-stream.js'
import type { ProbeOptions } from './probe/probe-options.js'
import type { ProbeReport } from './probe/probe-report.js'
import type { Priority } from './scheduling/priority.js'
import type { ClientStats } from './stats/client-stats.js'

/** One client for every deployment of a configuration; made by `createDuoModelClient`, shared by a whole process. */
export interface DuoModelClient extends AsyncDisposable {
  /**
   * Sends a request and waits for the whole answer.
   * @throws DuoModelError with a stable `code`; `aborted` when `signal` fired.
   */
  generate(request: ModelRequest, options?: CallOptions): Promise<ModelResponse>
  /**
   * Sends a request and gives the answer as it comes. Nothing is sent before the stream is read; a failure is thrown
   * by whatever reads it.
   */
  stream(request: ModelRequest, options?: CallOptions): ModelStream
  /**
   * Runs many requests, from a list or any other iterable, and gives one result for each. Requests are taken only as
   * fast as they can be run and their results are read, so the source may be endless and memory stays flat. A request
   * that fails has a result with `ok: false`; the others go on.
   * @throws ConfigurationError at once where an option is wrong or `requests` cannot be iterated.
   */
  batch(requests: BatchRequests, options?: BatchOptions): BatchRun
  /** What the rules say about the configuration. Asks no server. */
  check(): Report
  /**
   * Asks every server, at once: whether it can be reached, accepts the credentials and serves the model, which version it
   * is, how long a context it takes, whether it streams and how fast. What is wrong is a finding and no exception. It
   * counts neither in {@link stats} nor for circuits.
   * @throws ConfigurationError for an option that is wrong or a deployment there is not; AbortedError when `signal` fired.
   */
  probe(options?: ProbeOptions): Promise<ProbeReport>
  /**
   * What the client has done and is doing: requests under way, circuits, attempts, errors by code, tokens and latencies
   * of every replica, since the client was made. A snapshot; asks no server.
   */
  stats(): ClientStats
  /**
   * Replaces the endpoints of a deployment while the client runs: the whole new list, one URL for each replica. A replica
   * that is listed again keeps its connection, circuit, statistics and what is known about its cache; a new one gets
   * requests at once; one that is missing gets no new ones, and its connection closes when those under way are done.
   * Requests that wait or are tried again go on with the new list. No call fails because of it.
   * @throws ConfigurationError for a deployment there is not, one without endpoints (Bedrock by region), an empty list, a
   * closed client, and where the configuration could not hold these endpoints; CompatibilityError where a rule has an
   * error and `compatibility` is `enforce`. Nothing has changed then.
   */
  setEndpoints(deployment: string, endpoints: string | readonly string[]): void
  /** Refuses new calls, lets running ones finish and closes every connection. Safe to call twice. */
  close(options?: CloseOptions): Promise<void>
}

/** What belongs to one call. */
export interface CallOptions {
  /** Gives the call up: the socket closes at once, and the call throws `aborted`. */
  readonly signal?: AbortSignal | undefined
  /**
   * Whether somebody waits for the answer: while requests wait for their turn, `interactive` ones go first, and
   * `background` ones never make them wait noticeably longer. A server that schedules by priority is told.
   * @default 'interactive'
   */
  readonly priority?: Priority | undefined
  /**
   * How long from now the answer is of use, in milliseconds; with it the call throws `timeout`. A request whose answer
   * could not be complete by then any more is not sent at all.
   * @default `timeouts.totalMs`, which counts in any case
   */
  readonly deadlineMs?: number | undefined
  /**
   * Whether this answer may be shared with identical deterministic requests under way: a whole answer with whole
   * answers, a stream with streams, and only with those of the same `priority`.
   * @default the client's `coalesce`
   */
  readonly coalesce?: boolean | undefined
}

/** How a client is closed. */
export interface CloseOptions {
  /** How long running calls may take before they are aborted. @default 0 */
  readonly drainMs?: number | undefined
}
