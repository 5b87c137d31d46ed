import type { Report } from '@duo-models/rules'
import type { ModelRequest } from './model-request.js'
import type { ModelResponse } from './model-response.js'
import type { ModelStream } from './model-stream.js'

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
  /** What the rules say about the configuration. Asks no server. */
  check(): Report
  /** Refuses new calls, lets running ones finish and closes every connection. Safe to call twice. */
  close(options?: CloseOptions): Promise<void>
}

/** What belongs to one call. */
export interface CallOptions {
  /** Gives the call up: the socket closes at once, and the call throws `aborted`. */
  readonly signal?: AbortSignal | undefined
}

/** How a client is closed. */
export interface CloseOptions {
  /** How long running calls may take before they are aborted. @default 0 */
  readonly drainMs?: number | undefined
}
