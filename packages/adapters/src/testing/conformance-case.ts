import type { AdapterConnection } from '../adapter.js'

/** One thing every adapter must do. A value: id, what it is about, and a way to find out. */
export interface ConformanceCase {
  /** Stable and unique; skips name it. */
  readonly id: string
  /** What is looked at, in a few words. */
  readonly name: string
  /** Where the demand comes from. */
  readonly source: string
  /**
   * Finds out whether the adapter does it.
   * @throws ConformanceFailure that says what was expected and what came; ConformanceSkip where there is nothing to find
   * out.
   */
  run(subject: ConformanceSubject): Promise<void>
}

/** The adapter that is looked at. */
export interface ConformanceSubject {
  /** Connects to a test server at this address, such as `http://127.0.0.1:4711`. */
  connect(origin: string): Promise<AdapterConnection>
  /** Fires when the case has taken too long; servers it started are closed then. */
  readonly signal: AbortSignal
}

/** What a case found: the adapter does not do what the case demands. */
export class ConformanceFailure extends Error {
  override get name(): string {
    return 'ConformanceFailure'
  }
}

/** What a case found: it is about something optional that the adapter does not have. The message says what. */
export class ConformanceSkip extends Error {
  override get name(): string {
    return 'ConformanceSkip'
  }
}
