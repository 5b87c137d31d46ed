import type { Engine, EngineJob, EngineStep } from './engine.js'
import { interTokenLatencyMs, type Pace } from './pace.js'
import { sleep } from './sleep.js'

/** Without delays, how many steps run before other work in the process gets a turn. */
const stepsPerTurn = 32

/**
 * An engine that takes its time from a {@link Pace}. Sequences running at once slow one another down as the pace
 * says; jobs beyond its places wait in order of arrival.
 */
export class PacedEngine implements Engine {
  readonly #pace: Pace
  /** Factor on all waiting: 1 is the pace itself, 0 none. */
  readonly #delayFactor: number
  readonly #waiting: Waiter[] = []
  #runningJobs = 0
  #runningSequences = 0
  #tokensHeld = 0

  /** `speed` divides every delay; 0 and `Infinity` both mean no delay at all. */
  constructor(pace: Pace, speed: number) {
    this.#pace = pace
    this.#delayFactor = speed === 0 ? 0 : 1 / speed
  }

  load() {
    const kvCacheUsage = Math.min(1, this.#tokensHeld / this.#pace.kvCacheTokens)
    return { running: this.#runningJobs, waiting: this.#waiting.length, kvCacheUsage }
  }

  async *generate(job: EngineJob): AsyncGenerator<EngineStep> {
    await this.#enter(job)
    let held = job.promptTokens
    this.#tokensHeld += held
    try {
      for await (const step of this.#steps(job)) {
        held += step.length
        this.#tokensHeld += step.length
        yield step
      }
    } finally {
      this.#tokensHeld -= held
      this.#leave(job)
    }
  }

  async *#steps(job: EngineJob): AsyncGenerator<EngineStep> {
    const { prefillBaseMs, prefillPerTokenMs } = this.#pace
    const length = Math.max(0, ...job.outputTokens)
    let due = performance.now() + this.#delayFactor * (prefillBaseMs + prefillPerTokenMs * job.promptTokens)
    for (let position = 0; position < length; position += 1) {
      await this.#until(due, position, job.signal)
      yield sequencesLongerThan(position, job.outputTokens)
      due += this.#delayFactor * interTokenLatencyMs(this.#pace, this.#runningSequences)
    }
  }

  /** Waiting towards a fixed time, not for a length, keeps timer inaccuracy from adding up. */
  async #until(due: number, position: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const wait = this.#delayFactor === 0 ? 0 : due - performance.now()
    if (wait > 0 || position % stepsPerTurn === stepsPerTurn - 1) await sleep(wait, signal)
  }

  async #enter(job: EngineJob): Promise<void> {
    job.signal.throwIfAborted()
    const isAdmitted = new Promise<void>((resolve, reject) => {
      const abandon = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(job.signal.reason)
        this.#admitWaiting()
      }
      const admit = () => {
        job.signal.removeEventListener('abort', abandon)
        resolve()
      }
      const waiter = { job, admit }
      job.signal.addEventListener('abort', abandon, { once: true })
      this.#waiting.push(waiter)
    })
    this.#admitWaiting()
    await isAdmitted
  }

  /** Strictly in order: a large job at the head is not overtaken by small ones behind it. */
  #admitWaiting(): void {
    for (let [next] = this.#waiting; next !== undefined && this.#hasPlace(next.job); [next] = this.#waiting) {
      this.#waiting.shift()
      // Places are taken here and not by the job itself, which runs only later.
      this.#runningJobs += 1
      this.#runningSequences += next.job.outputTokens.length
      next.admit()
    }
  }

  #hasPlace(job: EngineJob): boolean {
    // A job with more sequences than there are places must still run some day: alone.
    return this.#runningJobs === 0 || this.#runningSequences + job.outputTokens.length <= this.#pace.maxSequences
  }

  #leave(job: EngineJob): void {
    this.#runningJobs -= 1
    this.#runningSequences -= job.outputTokens.length
    this.#admitWaiting()
  }
}

interface Waiter {
  readonly job: EngineJob
  readonly admit: () => void
}

function sequencesLongerThan(position: number, lengths: readonly number[]): EngineStep {
  if (lengths.length === 1) return onlySequence
  return lengths.flatMap((length, sequence) => (length > position ? [sequence] : []))
}

const onlySequence: EngineStep = [0]
