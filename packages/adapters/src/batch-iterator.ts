import type { AdapterEvent } from './stream-event.js'

/** Whoever asked for a batch by {@link BatchIterator.handOver}; told one of these, once for each time it asked. */
export interface BatchReceiver {
  /** The next events, at least one. */
  take(batch: readonly AdapterEvent[]): void
  /** Nothing follows. */
  end(): void
  /** The stream failed. */
  fail(error: unknown): void
}

/**
 * What an adapter's stream may give as its iterator: one that also hands a batch over by a call, in the middle of the
 * socket's read, where `next()` costs three promises. Whoever reads a stream uses one of the two at a time.
 */
export interface BatchIterator extends AsyncIterator<readonly AdapterEvent[]> {
  /**
   * Asks for one batch, as `next()` does. The receiver may be told before this returns, and must not throw. An
   * adapter without it is read by `next()`.
   */
  handOver?(receiver: BatchReceiver): void
}
