/** One request to the engine. The texts are settled already: the engine decides only when each token is ready. */
export interface EngineJob {
  /** Tokens that have to be read before the first token is written. */
  readonly promptTokens: number
  /** How many tokens each output sequence will have: one entry per sample, each at least 1. */
  readonly outputTokens: readonly number[]
  /** Stops the job at once; the iterator then throws the abort reason. */
  readonly signal: AbortSignal
}

/** The sequences, by position in `outputTokens`, that received one token each in a step. */
export type EngineStep = readonly number[]

/** How busy an engine is now. */
interface EngineLoad {
  /** Jobs that are being worked on. */
  readonly running: number
  /** Jobs that wait for a place. */
  readonly waiting: number
  /** Share of the key-value cache in use, 0 to 1. */
  readonly kvCacheUsage: number
}

/** Stands in for the GPU: takes jobs and yields tokens in time. */
export interface Engine {
  /** Runs a job. Each step resolves when its tokens are ready; leaving the loop early frees the job's place. */
  generate(job: EngineJob): AsyncIterable<EngineStep>
  load(): EngineLoad
}
