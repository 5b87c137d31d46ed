import type { Engine, EngineJob, EngineStep } from './engine.js'
import type { Serving } from './serving.js'
import { SimulatedEngine } from './simulated-engine.js'

/** How many steps run before other work in the process gets a turn. */
const stepsPerTurn = 32
/** Longer timers fire at once in Node. */
const longestTimerMs = 2_147_483_647

/**
 * Drives a {@link SimulatedEngine} by the clock of the process, `speed` times as fast as the machine would be; 0 and
 * `Infinity` both mean without any delay. Steps end at fixed times, so that late timers do not add up.
 */
export class RealTimeEngine implements Engine {
  readonly #engine: SimulatedEngine
  readonly #speed: number
  readonly #isInstant: boolean
  readonly #startedAt = performance.now()
  /** When the engine wants to be called next, by its own clock. */
  #dueMs: number | undefined
  /** The engine's time where it does not follow the process's. */
  #instantMs = 0
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined

  constructor({ settings, stepTimes }: Serving, speed: number) {
    this.#engine = new SimulatedEngine(settings, stepTimes)
    this.#speed = speed
    this.#isInstant = speed === 0 || speed === Number.POSITIVE_INFINITY
  }

  get counters() {
    return this.#engine.counters
  }

  get settings() {
    return this.#engine.settings
  }

  load() {
    return this.#engine.load()
  }

  async *generate({ sequences, priority, signal, onScheduled }: EngineJob): AsyncGenerator<EngineStep> {
    signal.throwIfAborted()
    const ready = sequences.map(() => 0)
    let wake: () => void = () => undefined
    const stop = () => wake()
    let announce = onScheduled
    const running = sequences.flatMap(({ promptTokens, outputTokens, blockKey }, index) => {
      if (outputTokens < 1) return []
      const request = {
        promptTokens,
        outputTokens,
        priority,
        blockKey,
        onScheduled() {
          announce?.()
          announce = undefined
        },
        onToken() {
          ready[index] = (ready[index] ?? 0) + 1
          wake()
        },
      }
      return [this.#engine.submit(request, this.#arrivalMs())]
    })
    let left = sequences.reduce((sum, { outputTokens }) => sum + Math.max(0, outputTokens), 0)
    signal.addEventListener('abort', stop, { once: true })
    this.#proceed()
    try {
      while (left > 0) {
        signal.throwIfAborted()
        const step = takeReady(ready)
        left -= step.length
        if (step.length > 0) yield step
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      signal.removeEventListener('abort', stop)
      for (const sequence of running) this.#engine.abort(sequence)
      this.#rest()
    }
  }

  #nowMs(): number {
    return this.#isInstant ? this.#instantMs : (performance.now() - this.#startedAt) * this.#speed
  }

  /** A request cannot arrive before the end of a step that is overdue: the engine would go back in time. */
  #arrivalMs(): number {
    return Math.min(this.#nowMs(), this.#dueMs ?? Number.POSITIVE_INFINITY)
  }

  /** Sees to it that the engine takes up new requests: at once if it is idle, otherwise when its step ends. */
  #proceed(): void {
    this.#dueMs ??= this.#engine.step(this.#nowMs())
    this.#timer?.ref()
    if (this.#timer === undefined && this.#immediate === undefined) this.#wait()
  }

  #wait(): void {
    if (this.#dueMs === undefined) return
    const delayMs = this.#isInstant ? 0 : (this.#dueMs - this.#nowMs()) / this.#speed
    if (delayMs <= 0) this.#immediate = setImmediate(() => this.#run())
    else this.#timer = setTimeout(() => this.#run(), Math.min(delayMs, longestTimerMs))
  }

  #run(): void {
    this.#timer = undefined
    this.#immediate = undefined
    for (let steps = 0; steps < stepsPerTurn && this.#dueMs !== undefined; steps += 1) {
      if (!this.#isInstant && this.#dueMs > this.#nowMs()) break
      this.#instantMs = this.#dueMs
      this.#dueMs = this.#engine.step(this.#dueMs)
    }
    this.#wait()
    this.#rest()
  }

  /** A step nobody waits for any more does not keep the process alive. */
  #rest(): void {
    const { running, waiting } = this.load()
    if (running + waiting === 0) this.#timer?.unref()
  }
}

/** Takes one token of each sequence that has one. */
function takeReady(ready: number[]): EngineStep {
  const step: number[] = []
  for (const [index, tokens] of ready.entries()) {
    if (tokens === 0) continue
    ready[index] = tokens - 1
    step.push(index)
  }
  return step
}
