import type { BlockKey } from './block-pool.js'
import type { EngineLoad } from './simulated-engine.js'

/** One output sequence of a job: a prompt and how much is written after it. */
export interface EngineSequence {
  /** Tokens that have to be read before the first token is written. */
  readonly promptTokens: number
  /** Tokens that are written; with none, the sequence takes no part. */
  readonly outputTokens: number
  /** Key of each full block of the text, for the prefix cache. Default: nothing is shared. */
  readonly blockKey?: ((index: number) => BlockKey | undefined) | undefined
}

/** One request to the engine. The texts are settled already: the engine decides only when each token is ready. */
export interface EngineJob {
  /** One entry per sample. */
  readonly sequences: readonly EngineSequence[]
  /** With scheduling policy `priority`: lower values go first. Default: 0. */
  readonly priority?: number | undefined
  /** Stops the job at once; the iterator then throws the abort reason. */
  readonly signal: AbortSignal
  /** Work on the first of the sequences has begun. */
  readonly onScheduled?: (() => void) | undefined
}

/** The sequences, by position in `sequences`, that received one token each in a step. */
export type EngineStep = readonly number[]

/** Stands in for the GPU: takes jobs and yields tokens in time. */
export interface Engine {
  /** Runs a job. Each step resolves when its tokens are ready; leaving the loop early frees the job's place. */
  generate(job: EngineJob): AsyncIterable<EngineStep>
  load(): EngineLoad
}
