import type { DuoModelError } from '@duo-models/adapters'

/** How an answer is wanted: only a stream tells when its first token came. */
export type AnswerKind = 'stream' | 'whole'

/** One request under way, as a limit remembers it. */
export interface LimitSlot {
  readonly kind: AnswerKind
  /** When it was sent. */
  readonly startedAt: number
}

/** How many requests may be under way on one replica. All times are milliseconds of one clock. */
export interface ConcurrencyLimit {
  /** The limit now. */
  readonly value: number
  /** Requests under way. */
  readonly inFlight: number
  /** Whether one more request may be sent. */
  readonly hasRoom: boolean
  /** A request is sent. */
  begin(kind: AnswerKind, now: number): LimitSlot
  /** The first token of a stream is here. */
  firstToken(slot: LimitSlot, now: number): void
  /** Pieces of content came in. Called for every read, so it only counts. */
  countContent(pieces: number): void
  /** The server said how many requests wait in it. */
  reportWaiting(requests: number): void
  /** How long a stream that has begun must pause to be reported by {@link reportStall}. */
  readonly stallMs: number
  /** A stream paused so long in the middle of its answer. */
  reportStall(): void
  /** The request is over. */
  end(slot: LimitSlot, failure: DuoModelError | undefined, now: number): void
}
