/** Tokens a request took, in one meaning for every platform. A count the server did not give is absent, never zero. */
export interface Usage {
  /** Tokens of the prompt, cached ones included (Bedrock reports them apart; they are added here). */
  readonly inputTokens?: number
  /** Tokens generated, reasoning included. */
  readonly outputTokens?: number
  /** `inputTokens + outputTokens`, as the server says it or as their sum. */
  readonly totalTokens?: number
  /** Prompt tokens that were read from the prefix cache. Part of `inputTokens`. */
  readonly cacheReadTokens?: number
  /** Prompt tokens that were written to the prompt cache. Part of `inputTokens`. */
  readonly cacheWriteTokens?: number
  /** Tokens spent on reasoning. Part of `outputTokens`. */
  readonly reasoningTokens?: number
  /** `true` where the figures were counted on this side, because the server never sent them. */
  readonly estimated?: boolean
}
