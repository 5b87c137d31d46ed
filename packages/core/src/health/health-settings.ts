/** How servers are asked whether they are able to work. */
export interface HealthSettings {
  /** From one question to the next, while a replica has no traffic. */
  readonly intervalMs: number
  /** Most time to answer. */
  readonly timeoutMs: number
}
