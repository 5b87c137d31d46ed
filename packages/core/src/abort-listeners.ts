const listenersOf = new WeakMap<AbortSignal, AbortListeners>()

/**
 * Everybody who waits for one signal, behind a single listener of it: many calls may share a signal, and Node takes
 * more than ten listeners for a leak and warns. They are in an array and no `Set` for the reason `RunningCalls` gives.
 */
class AbortListeners {
  readonly #signal: AbortSignal
  readonly #listeners: (() => void)[] = []

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  add(listener: () => void): void {
    if (this.#listeners.length === 0) this.#signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#listeners.push(listener)
  }

  remove(listener: () => void): void {
    const index = this.#listeners.indexOf(listener)
    if (index === -1) return
    this.#listeners.splice(index, 1)
    if (this.#listeners.length === 0) this.#signal.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => {
    for (const listener of this.#listeners.splice(0)) listener()
  }
}

/** Calls `listener` when the signal fires; not at all where it already has. */
export function addAbortListener(signal: AbortSignal, listener: () => void): void {
  let listeners = listenersOf.get(signal)
  if (listeners === undefined) {
    listeners = new AbortListeners(signal)
    listenersOf.set(signal, listeners)
  }
  listeners.add(listener)
}

/** Takes back {@link addAbortListener}. */
export function removeAbortListener(signal: AbortSignal, listener: () => void): void {
  listenersOf.get(signal)?.remove(listener)
}
