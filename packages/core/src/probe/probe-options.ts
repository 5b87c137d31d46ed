/** How the servers are asked. */
export interface ProbeOptions {
  /** Gives up: the probe then throws `aborted`. */
  readonly signal?: AbortSignal | undefined
  /**
   * The deployments to ask, by name.
   * @default all of the configuration
   */
  readonly deployments?: readonly string[] | undefined
  /**
   * Whether each replica also answers one tiny streamed request, which shows that it streams, and how fast. It costs
   * some 20 tokens.
   * @default true
   */
  readonly request?: boolean | undefined
  /** Most time for each question, the tiny request included. @default 10_000 */
  readonly timeoutMs?: number | undefined
}
