import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'

/** Waits; throws the signal's own abort reason as soon as it aborts. Zero and less wait for one turn of the event loop. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    if (ms > 0) await delay(ms, undefined, { signal })
    else await nextTurn(undefined, { signal })
  } catch {
    // Node wraps the reason; callers compare against the original.
  }
  signal.throwIfAborted()
}
