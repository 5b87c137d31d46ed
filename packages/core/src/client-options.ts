import type { ModelAdapter, TlsSettings } from '@duo-models/adapters'

/** How `createDuoModelClient` behaves. Everything has a default that suits production. */
export interface ClientOptions<CustomPlatform extends string = string> {
  /**
   * What happens with a configuration or a request the rules have an error for:
   * `enforce` throws a `CompatibilityError` with the report before anything is sent; `warn` sends and puts the findings
   * into `ModelResponse.warnings`; `off` sends.
   * @default 'enforce'
   */
  readonly compatibility?: 'enforce' | 'warn' | 'off' | undefined
  /** Limits of time, each on its own. */
  readonly timeouts?: TimeoutOptions | undefined
  /** When a failed request is sent again. */
  readonly retry?: RetryOptions | undefined
  /**
   * More platforms: values that keep the `ModelAdapter` contract. One with a documented `platform` replaces ours.
   * @default []
   */
  readonly adapters?: readonly (ModelAdapter & { readonly platform: CustomPlatform })[] | undefined
  /**
   * Most connections to one endpoint; further requests wait for a free one.
   * @default 256, vLLM's own `--max-num-seqs`
   */
  readonly maxConnections?: number | undefined
  /**
   * Private certificate authorities, a client certificate, the name to expect.
   * @default Node's own authorities
   */
  readonly tls?: TlsSettings | undefined
  /**
   * URL of a proxy (`http://user:password@proxy:3128`), or `environment` for the one that `HTTPS_PROXY`, `HTTP_PROXY`
   * and `NO_PROXY` name.
   * @default none, whatever the environment says
   */
  readonly proxy?: string | undefined
}

/** Limits of time in milliseconds. `Infinity` turns one off. */
export interface TimeoutOptions {
  /** To open a connection, TLS included. @default 5_000 */
  readonly connectMs?: number | undefined
  /** From sending a streamed request to its first text, reasoning or tool call; the server's queue counts. @default 120_000 */
  readonly firstTokenMs?: number | undefined
  /** From one delta to the next. Only content counts: a server's keep-alive comments do not. @default 30_000 */
  readonly interTokenMs?: number | undefined
  /** The whole call, retries and fallbacks included. @default 600_000 */
  readonly totalMs?: number | undefined
}

/** A request is sent again only while nothing has reached the caller. */
export interface RetryOptions {
  /** Most attempts on one deployment, the first one included. @default 3 */
  readonly maxAttempts?: number | undefined
  /** Retries allowed per request over time, so that an outage is not multiplied. @default 0.1 */
  readonly budgetRatio?: number | undefined
  /** A server that asks for a longer pause than this is not waited for: the error reaches the caller. @default 60_000 */
  readonly maxRetryAfterMs?: number | undefined
}
