import type { Sequence, SequenceRequest } from '../engine/sequence.js'
import type { SimulatedEngine } from '../engine/simulated-engine.js'
import type { VirtualClock } from './virtual-clock.js'

/** One server of a simulation: an engine, driven by the simulation's clock, that can be lost and come back. */
export class Replica {
  readonly #clock: VirtualClock
  readonly #createEngine: () => SimulatedEngine
  /** What is inside, and who has to hear of it if the replica is lost. */
  readonly #pending = new Map<Sequence, () => void>()
  readonly #next = () => this.#step()
  #engine: SimulatedEngine
  #cancelTimer: (() => void) | undefined
  #isStepping = false
  isUp = true

  constructor(clock: VirtualClock, createEngine: () => SimulatedEngine) {
    this.#clock = clock
    this.#createEngine = createEngine
    this.#engine = createEngine()
  }

  get engine(): SimulatedEngine {
    return this.#engine
  }

  /** Requests inside, running or waiting. */
  get pending(): number {
    return this.#pending.size
  }

  /** Takes a request in; returns what aborts it. */
  submit(request: SequenceRequest, onLost: () => void): () => void {
    const engine = this.#engine
    const sequence = engine.submit(
      {
        ...request,
        onDone: (timeMs) => {
          this.#pending.delete(sequence)
          request.onDone?.(timeMs)
        },
      },
      this.#clock.now(),
    )
    this.#pending.set(sequence, onLost)
    // Inside a step, the engine takes it up by itself when all callbacks have run.
    if (this.#cancelTimer === undefined && !this.#isStepping) this.#step()
    return () => {
      this.#pending.delete(sequence)
      engine.abort(sequence)
    }
  }

  /** Loses everything inside. */
  goDown(): void {
    this.isUp = false
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const lost = [...this.#pending.values()]
    this.#pending.clear()
    this.#engine = this.#createEngine()
    for (const onLost of lost) onLost()
  }

  #step(): void {
    this.#cancelTimer = undefined
    const engine = this.#engine
    const nowMs = this.#clock.now()
    // What goes on when a callback throws.
    let dueMs: number | undefined = nowMs
    this.#isStepping = true
    try {
      dueMs = engine.step(nowMs)
    } finally {
      this.#isStepping = false
      this.#callAgain(dueMs, nowMs)
    }
  }

  #callAgain(dueMs: number | undefined, nowMs: number): void {
    if (dueMs !== undefined) this.#cancelTimer = this.#clock.setTimer(dueMs - nowMs, this.#next)
  }
}
