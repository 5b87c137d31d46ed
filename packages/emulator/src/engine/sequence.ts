import type { BlockKey, BlockTable, SharedBlock } from './block-pool.js'
import type { Queueable } from './ordered-queue.js'

/** What the engine is asked to generate. All times are milliseconds of the engine's clock. */
export interface SequenceRequest {
  /** Tokens that have to be read first, at least 1. */
  readonly promptTokens: number
  /** Tokens to write, at least 1. */
  readonly outputTokens: number
  /** With scheduling policy `priority`: lower values go first. Default: 0. */
  readonly priority?: number | undefined
  /** Key of each full block of the text, prompt and output, as far as it can be shared. Default: nothing is shared. */
  readonly blockKey?: ((index: number) => BlockKey | undefined) | undefined
  /** The first step that works on it has begun; not called again after a preemption. */
  readonly onScheduled?: ((timeMs: number) => void) | undefined
  /** A token is ready; `index` counts from 0. */
  readonly onToken?: ((timeMs: number, index: number) => void) | undefined
  /** The last token is ready. */
  readonly onDone?: ((timeMs: number) => void) | undefined
}

/** Where a sequence is: on its way in, in the queue, in the batch, or gone. */
type SequenceState = 'arriving' | 'waiting' | 'running' | 'finished' | 'aborted'

/** A request inside the engine. Only the engine changes it. */
export class Sequence implements BlockTable, Queueable {
  readonly request: SequenceRequest
  /** Lower goes first; decides between equal priorities too. */
  readonly order: number
  readonly priority: number
  /** When it reaches the queue, in milliseconds. */
  readonly readyAtMs: number
  state: SequenceState = 'arriving'
  wasScheduled = false
  /** Tokens known: the prompt and what has been written. */
  tokens: number
  /** Tokens whose cache entries exist. */
  computedTokens = 0
  /** Tokens that the current step adds to them. */
  stepTokens = 0
  outputTokensLeft: number
  blocks = 0
  readonly shared: SharedBlock[] = []
  /** Blocks that have been offered to the prefix cache. */
  offeredBlocks = 0
  queueIndex = -1

  constructor(request: SequenceRequest, order: number, priority: number, readyAtMs: number) {
    this.request = request
    this.order = order
    this.priority = priority
    this.readyAtMs = readyAtMs
    this.tokens = request.promptTokens
    this.outputTokensLeft = request.outputTokens
  }

  /** Whether it goes before another one: by priority, then by arrival. */
  precedes(other: Sequence): boolean {
    return this.priority === other.priority ? this.order < other.order : this.priority < other.priority
  }
}
