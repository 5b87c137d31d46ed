/** The six figures of a prediction. */
export interface PerformanceFigures {
  /** Mean time from sending a request to its last token, seconds. */
  readonly secondsPerRequest: number
  /** Mean rate one request sees, tokens per second. */
  readonly tokensPerSecondPerRequest: number
  /** Time until the last of `concurrency` requests sent at once is done, seconds. */
  readonly totalSeconds: number
  /** Tokens of all requests per second. */
  readonly totalTokensPerSecond: number
  /** From sending to the first token, milliseconds. */
  readonly timeToFirstTokenMs: number
  /** From one token to the next, milliseconds. */
  readonly interTokenLatencyMs: number
}

/** Lengths of the requests, and how many the server takes at a time. */
export interface RequestLoad {
  /** Tokens of one prompt. */
  readonly promptTokens: number
  /** Tokens of one response. */
  readonly outputTokens: number
  /** Requests that run at once; the others wait in the server. */
  readonly runningLimit: number
  /** Tokens of prompts that one step reads at most. */
  readonly tokensPerStep: number
}
