import type { DuoModelError } from '@duo-models/adapters'

/** How an answer is fetched: only a stream tells when its first token came. */
export type AnswerKind = 'stream' | 'whole'

/** How an answer is wanted; `either` is one that may be fetched as a stream and put together. */
export type WantedAnswer = AnswerKind | 'either'

/** One request under way, as a limit remembers it. */
export interface LimitSlot {
  readonly kind: AnswerKind
  /** When it was sent. */
  readonly startedAt: number
}

/**
 * What a limit was set by:
 * - `server-full`: requests waited in the server while no more of them ran;
 * - `queue-reported`: the server said that requests wait in it;
 * - `longer-waits`: first tokens took longer, or requests waited in the server, although nothing was added;
 * - `first-token-timeout`: a first token did not come within its limit of time;
 * - `refused`: the server refused a request (429, 503);
 * - `streams-paused`: streams stood still in the middle of their answers, put aside for others;
 * - `capacity-lost`: a connection or a stream broke off;
 * - `probe-accepted`: a few requests more ran as well, and waited no longer.
 */
export type LimitReason =
  | 'server-full'
  | 'queue-reported'
  | 'longer-waits'
  | 'first-token-timeout'
  | 'refused'
  | 'streams-paused'
  | 'capacity-lost'
  | 'probe-accepted'

/** A limit was set by something that was found out. */
export interface LimitChange {
  readonly limit: number
  /** What it was before; the same where only now is known that it is right. */
  readonly previous: number
  readonly reason: LimitReason
}

/** How many requests may be under way on one replica. All times are milliseconds of one clock. */
export interface ConcurrencyLimit {
  /** Told when something was found out about the server; not of every step on the way there. */
  onChange: ((change: LimitChange) => void) | undefined
  /** The limit now. */
  readonly value: number
  /** Requests under way. */
  readonly inFlight: number
  /** Whether one more request may be sent. */
  readonly hasRoom: boolean
  /** A request is sent; the slot says how its answer is to be fetched. */
  begin(wanted: WantedAnswer, now: number): LimitSlot
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
