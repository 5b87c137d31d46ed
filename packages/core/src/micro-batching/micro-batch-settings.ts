/** When prompts share a request to the server. */
export interface MicroBatchSettings {
  /** Most prompts in one request. */
  readonly maxSize: number
  /** Longest time a prompt waits for others, in milliseconds. */
  readonly maxWaitMs: number
}
