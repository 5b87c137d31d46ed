import type { StreamEvent, Timing } from '@duo-models/adapters'

/** Whether an event is part of the answer itself, and not a report about it. */
export function isContent(event: Pick<StreamEvent, 'type'>): boolean {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-call-start':
    case 'tool-call-delta':
      return true
    default:
      return false
  }
}

/** How many of the events are part of the answer itself. */
export function countContent(events: readonly Pick<StreamEvent, 'type'>[]): number {
  let count = 0
  for (let index = 0; index < events.length; index++) if (isContent(events[index] as StreamEvent)) count++
  return count
}

/** Measures one streamed answer, a read at a time. */
export class StreamTiming {
  #firstContentMs: number | undefined
  #lastContentMs = 0
  #contentEvents = 0

  /** Content events so far. */
  get contentEvents(): number {
    return this.#contentEvents
  }

  /** Counts the content events of one read that arrived `elapsedMs` after the call began. */
  record(contentEvents: number, elapsedMs: number): void {
    if (contentEvents === 0) return
    this.#firstContentMs ??= elapsedMs
    this.#lastContentMs = elapsedMs
    this.#contentEvents += contentEvents
  }

  /** The times of the whole answer. */
  finish(elapsedMs: number, schedulerQueueTimeMs = 0): Timing {
    return {
      ...(this.#firstContentMs === undefined ? {} : { timeToFirstTokenMs: this.#firstContentMs }),
      ...this.#interTokenLatency(),
      endToEndLatencyMs: elapsedMs,
      schedulerQueueTimeMs,
    }
  }

  #interTokenLatency(): { interTokenLatencyMs?: number } {
    if (this.#firstContentMs === undefined || this.#contentEvents < 2) return {}
    return { interTokenLatencyMs: (this.#lastContentMs - this.#firstContentMs) / (this.#contentEvents - 1) }
  }
}
