import type { StepTimeModel } from '@duo-models/rules'
import { BlockPool } from './block-pool.js'
import { OrderedQueue } from './ordered-queue.js'
import { Sequence, type SequenceRequest } from './sequence.js'
import { type StepWork, stepDurationMs } from './step-duration.js'

/** In which order waiting requests are started, and the reverse order in which running ones are preempted. */
export type SchedulingPolicy = 'fcfs' | 'priority'

/** How an engine is set up, in vLLM's words. */
export interface EngineSettings {
  /** Tokens of one block. */
  readonly blockSize: number
  /** Blocks of the key-value cache. */
  readonly blocks: number
  /** Sequences in one step (`--max-num-seqs`). */
  readonly maxNumSeqs: number
  /** Tokens in one step (`--max-num-batched-tokens`). */
  readonly maxNumBatchedTokens: number
  /** Whether long prompts are read in pieces. Without it no request may be longer than `maxNumBatchedTokens`. */
  readonly chunkedPrefill: boolean
  /**
   * Whether a step either reads prompts or writes tokens, prompts first: vLLM's V0 engine without chunked prefill.
   * Otherwise a step first serves what runs and reads prompts with the tokens that are left of its budget.
   */
  readonly readsPromptsAlone: boolean
  readonly schedulingPolicy: SchedulingPolicy
  /** Whether full blocks are kept and shared (`--enable-prefix-caching`). */
  readonly enablePrefixCaching: boolean
  /** From a request's arrival until it is in the queue: HTTP, tokenising. */
  readonly requestOverheadMs: number
}

/** What an engine has counted since its start. */
export interface EngineCounters {
  steps: number
  preemptions: number
  /** Tokens of prompts that were looked up in the prefix cache, and those that were found there. */
  prefixCacheQueries: number
  prefixCacheHits: number
}

/** How busy an engine is now. */
export interface EngineLoad {
  /** Requests in the batch. */
  readonly running: number
  /** Requests that wait for a place in it, those on their way to the queue included. */
  readonly waiting: number
  /** Share of the key-value cache in use, 0 to 1. */
  readonly kvCacheUsage: number
}

const noKey = () => undefined

/**
 * Continuous batching as vLLM's scheduler does it, without a GPU and without a clock of its own: a running set, a queue,
 * a budget of tokens per step, blocks of cache, and preemption of the newest by recomputation when blocks run out. Steps
 * last as long as the step time model says.
 *
 * Whoever drives it calls {@link step} when the time it last returned has come, and once more after each `submit`.
 * Nothing in it waits; the same calls with the same times give the same results.
 */
export class SimulatedEngine {
  readonly settings: EngineSettings
  readonly counters: EngineCounters = { steps: 0, preemptions: 0, prefixCacheQueries: 0, prefixCacheHits: 0 }
  readonly #stepTimes: StepTimeModel
  readonly #slowdown: (timeMs: number) => number
  readonly #pool: BlockPool
  /** By arrival; the overhead is the same for all, so it is also the order in which they reach the queue. */
  readonly #arriving = new Set<Sequence>()
  /** Preempted ones arrived before all others that wait, and so come first again. */
  readonly #waiting = new OrderedQueue<Sequence>()
  /** By the time of their last start, the newest at the end. */
  #running: Sequence[] = []
  /** What the current step works on. This and the next two are kept from step to step: most of a run is steps. */
  readonly #batch: Sequence[] = []
  readonly #work: StepWork = { decoding: 0, contextTokens: 0, reading: 0, readTokens: 0, readPairs: 0 }
  /** Those that got a token in the step that has just ended. */
  readonly #written: Sequence[] = []
  #stepEndsAtMs: number | undefined
  #arrivals = 0

  /** `slowdown` multiplies the length of a step that begins at the time given. */
  constructor(settings: EngineSettings, stepTimes: StepTimeModel, slowdown: (timeMs: number) => number = () => 1) {
    this.settings = settings
    this.#stepTimes = stepTimes
    this.#slowdown = slowdown
    this.#pool = new BlockPool(settings.blocks)
  }

  load(): EngineLoad {
    const waiting = this.#waiting.size + this.#arriving.size
    return { running: this.#running.length, waiting, kvCacheUsage: this.#pool.usage }
  }

  /** The longest request that can ever run: prompt and output together, in tokens. */
  get longestRequest(): number {
    const { blocks, blockSize, chunkedPrefill, maxNumBatchedTokens } = this.settings
    // The last token is written, but nothing is computed from it any more.
    const inCache = blocks * blockSize + 1
    return chunkedPrefill ? inCache : Math.min(inCache, maxNumBatchedTokens + 1)
  }

  /** Takes a request in. It must not be longer than {@link longestRequest}: it would wait for ever. */
  submit(request: SequenceRequest, nowMs: number): Sequence {
    const { schedulingPolicy, requestOverheadMs } = this.settings
    const priority = schedulingPolicy === 'priority' ? (request.priority ?? 0) : 0
    const sequence = new Sequence(request, this.#arrivals, priority, nowMs + requestOverheadMs)
    this.#arrivals += 1
    this.#arriving.add(sequence)
    return sequence
  }

  /** Drops a request wherever it is and frees its blocks. A step that works on it ends as planned. */
  abort(sequence: Sequence): void {
    if (sequence.state === 'arriving') this.#arriving.delete(sequence)
    if (sequence.state === 'waiting') this.#waiting.remove(sequence)
    if (sequence.state === 'running') {
      this.#running = this.#running.filter((other) => other !== sequence)
      this.#pool.release(sequence)
    }
    if (sequence.state !== 'finished') sequence.state = 'aborted'
  }

  /**
   * Ends the current step if its time has come, and begins the next one if there is work. Returns when it wants to be
   * called again; `undefined` while there is nothing to do. Requests may be submitted and aborted from their callbacks.
   */
  step(nowMs: number): number | undefined {
    if (this.#stepEndsAtMs !== undefined && nowMs >= this.#stepEndsAtMs) {
      this.#stepEndsAtMs = undefined
      this.#finishStep(nowMs)
    }
    if (this.#stepEndsAtMs === undefined) this.#beginStep(nowMs)
    return this.#stepEndsAtMs ?? this.#nextArrivalMs()
  }

  #nextArrivalMs(): number | undefined {
    for (const { readyAtMs } of this.#arriving) return readyAtMs
    return undefined
  }

  #beginStep(nowMs: number): void {
    this.#queueArrivals(nowMs)
    if (this.#running.length === 0 && this.#waiting.size === 0) return
    this.#schedule()
    this.#gatherBatch()
    if (this.#batch.length === 0) return
    this.counters.steps += 1
    this.#stepEndsAtMs = nowMs + stepDurationMs(this.#stepTimes, this.#work) * this.#slowdown(nowMs)
    for (const sequence of this.#batch) {
      if (sequence.wasScheduled) continue
      sequence.wasScheduled = true
      sequence.request.onScheduled?.(nowMs)
    }
  }

  #queueArrivals(nowMs: number): void {
    for (const sequence of this.#arriving) {
      if (sequence.readyAtMs > nowMs) break
      this.#arriving.delete(sequence)
      sequence.state = 'waiting'
      this.#waiting.add(sequence)
    }
  }

  #schedule(): void {
    const budget = this.settings.maxNumBatchedTokens
    if (this.settings.readsPromptsAlone) {
      if (this.#startWaiting(budget) === budget) this.#continueRunning(budget)
      return
    }
    const before = this.counters.preemptions
    const left = this.#continueRunning(budget)
    // Whoever was preempted just now would take the room back that it had to give.
    if (this.counters.preemptions === before) this.#startWaiting(left)
  }

  /** Gives every running sequence its next tokens, in order. Returns what is left of the budget. */
  #continueRunning(budget: number): number {
    const { blockSize } = this.settings
    let left = budget
    for (let index = 0; index < this.#running.length && left > 0; index += 1) {
      const sequence = this.#running[index]
      if (sequence === undefined) break
      const tokens = Math.min(sequence.tokens - sequence.computedTokens, left)
      const blocks = Math.ceil((sequence.computedTokens + tokens) / blockSize) - sequence.blocks
      while (blocks > 0 && sequence.state === 'running' && !this.#pool.grow(sequence, blocks)) {
        const victim = this.#nextVictim()
        if (this.#running.indexOf(victim) < index) index -= 1
        left += victim.stepTokens
        this.#preempt(victim)
      }
      if (sequence.state !== 'running') break
      sequence.stepTokens = tokens
      left -= tokens
    }
    return left
  }

  /** The one that would have been started last. */
  #nextVictim(): Sequence {
    return this.#running.reduce((last, sequence) => (last.precedes(sequence) ? sequence : last))
  }

  /** By recomputation: all of its cache is given up, and what it has written becomes part of its prompt. */
  #preempt(sequence: Sequence): void {
    this.counters.preemptions += 1
    this.#running = this.#running.filter((other) => other !== sequence)
    this.#pool.release(sequence)
    sequence.stepTokens = 0
    sequence.computedTokens = 0
    sequence.offeredBlocks = 0
    sequence.state = 'waiting'
    this.#waiting.add(sequence)
  }

  /** Starts what waits, strictly in order. Returns what is left of the budget. */
  #startWaiting(budget: number): number {
    let left = budget
    while (left > 0 && this.#running.length < this.settings.maxNumSeqs) {
      const sequence = this.#waiting.first
      if (sequence === undefined || !this.#start(sequence, left)) break
      left -= sequence.stepTokens
    }
    return left
  }

  #start(sequence: Sequence, budget: number): boolean {
    const { blockSize, chunkedPrefill, enablePrefixCaching } = this.settings
    const blockKey = (enablePrefixCaching ? sequence.request.blockKey : undefined) ?? noKey
    // One token at least has to be computed: the next one follows from it.
    const hits = this.#pool.countHits(blockKey, Math.floor((sequence.tokens - 1) / blockSize))
    const cached = hits * blockSize
    const missing = sequence.tokens - cached
    if (missing > budget && !chunkedPrefill) return false
    const tokens = Math.min(missing, budget)
    const plain = Math.ceil((cached + tokens) / blockSize) - hits
    if (!this.#pool.start(sequence, blockKey, { hits, plain })) return false
    if (!sequence.wasScheduled && enablePrefixCaching) {
      this.counters.prefixCacheQueries += sequence.tokens
      this.counters.prefixCacheHits += cached
    }
    this.#waiting.remove(sequence)
    this.#running.push(sequence)
    sequence.state = 'running'
    sequence.computedTokens = cached
    sequence.offeredBlocks = hits
    sequence.stepTokens = tokens
    return true
  }

  #gatherBatch(): void {
    const work = this.#work
    work.decoding = work.contextTokens = work.reading = work.readTokens = work.readPairs = 0
    this.#batch.length = 0
    for (const sequence of this.#running) {
      const { stepTokens, computedTokens, request } = sequence
      if (stepTokens === 0) continue
      this.#batch.push(sequence)
      if (stepTokens === 1 && computedTokens >= request.promptTokens) {
        work.decoding += 1
        work.contextTokens += computedTokens
      } else {
        work.reading += 1
        work.readTokens += stepTokens
        work.readPairs += stepTokens * (computedTokens + stepTokens / 2)
      }
    }
  }

  #finishStep(nowMs: number): void {
    const written = this.#written
    let finished = 0
    for (const sequence of this.#batch) {
      if (sequence.state !== 'running') continue
      sequence.computedTokens += sequence.stepTokens
      sequence.stepTokens = 0
      if (sequence.request.blockKey !== undefined) this.#offerBlocks(sequence, sequence.request.blockKey)
      if (sequence.computedTokens < sequence.tokens) continue
      sequence.tokens += 1
      sequence.outputTokensLeft -= 1
      if (sequence.outputTokensLeft === 0) {
        finished += 1
        sequence.state = 'finished'
        this.#pool.release(sequence)
      }
      written.push(sequence)
    }
    if (finished > 0) this.#running = this.#running.filter(({ state }) => state === 'running')
    // Last, because a callback may submit, abort and throw.
    this.#tellAll(nowMs)
  }

  /** All hear of their tokens, also where the callback of one throws; the first error is thrown afterwards. */
  #tellAll(nowMs: number): void {
    let failure: { readonly error: unknown } | undefined
    for (const sequence of this.#written) {
      try {
        this.#tell(sequence, nowMs)
      } catch (error) {
        failure ??= { error }
      }
    }
    this.#written.length = 0
    if (failure !== undefined) throw failure.error
  }

  /** Puts the blocks that have become full into the prefix cache. */
  #offerBlocks(sequence: Sequence, blockKey: NonNullable<SequenceRequest['blockKey']>): void {
    if (!this.settings.enablePrefixCaching) return
    const full = Math.floor(sequence.computedTokens / this.settings.blockSize)
    for (; sequence.offeredBlocks < full; sequence.offeredBlocks += 1) {
      const key = blockKey(sequence.offeredBlocks)
      if (key !== undefined) this.#pool.share(sequence, key)
    }
  }

  #tell({ state, request, outputTokensLeft }: Sequence, nowMs: number): void {
    if (state === 'aborted') return
    request.onToken?.(nowMs, request.outputTokens - outputTokensLeft - 1)
    if (state === 'finished') request.onDone?.(nowMs)
  }
}
