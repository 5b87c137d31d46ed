/** What a proxy did instead of opening the way. */
export interface ProxyErrorOptions {
  /** The proxy's scheme, host and port. */
  readonly proxy: string
  /** What happened and what to do, as sentences after "the proxy". */
  readonly explanation: string
  /** Whether another attempt may succeed. */
  readonly retryable: boolean
  /** Whether the proxy took too long. */
  readonly isTimeout?: boolean
  readonly cause?: unknown
}

/** The way through a proxy could not be opened. It becomes a typed error that names the proxy. */
export class ProxyError extends Error {
  readonly code = 'PROXY_FAILED'
  readonly proxy: string
  readonly explanation: string
  readonly retryable: boolean
  readonly isTimeout: boolean

  constructor({ proxy, explanation, retryable, isTimeout = false, cause }: ProxyErrorOptions) {
    super(`The proxy ${proxy} ${explanation}`, { cause })
    this.proxy = proxy
    this.explanation = explanation
    this.retryable = retryable
    this.isTimeout = isTimeout
  }

  override get name(): string {
    return 'ProxyError'
  }
}
