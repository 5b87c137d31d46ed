const listenersOf = new WeakMap<AbortSignal, AbortListeners>()

/**
 * Everybody who waits for one signal, behind a single listener of it: many calls may share a signal, and Node takes
 * more than ten listeners for a leak and warns.
 */
class AbortListeners {
  readonly #signal: AbortSignal
  readonly #listeners = new Set<() => void>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  add(listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener('abort', this.#onAbort, { once: true })
    this.#listeners.add(listener)
  }

  remove(listener: () => void): void {
    if (this.#listeners.delete(listener) && this.#listeners.size === 0)
      this.#signal.removeEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => {
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
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
