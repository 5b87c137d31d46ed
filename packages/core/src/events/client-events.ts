import type { DuoModelErrorJson, FinishReason, Timing, Usage } from '@duo-models/adapters'
import type { ModelRequest } from '../model-request.js'
import type { ReplicaChange } from '../routing/replica-set.js'
import type { LimitReason } from '../scheduling/concurrency-limit.js'

/** What every event of a call says. No event holds a prompt, an answer or a secret. */
export interface CallEvent {
  /** The same on all events and attempts of a call, and in the server's log where the platform has a place for it. */
  readonly requestId: string
  readonly feature: ModelRequest['feature']
  /** Whether the answer is wanted whole or as a stream. */
  readonly kind: 'generate' | 'stream'
}

/** A call begins: its request was found in order. */
export interface RequestEvent extends CallEvent {
  /** The deployments it may go to, in order. */
  readonly deployments: readonly string[]
}

/** A request is sent to a replica. */
export interface AttemptEvent extends CallEvent {
  readonly deployment: string
  readonly platform: string
  /** Without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
  /** Counts all attempts of the call, from 1. */
  readonly attempt: number
}

/** The first content of a streamed answer is here; no further attempt will be made. */
export interface FirstTokenEvent extends CallEvent {
  readonly deployment: string
  readonly attempt: number
  /** From the call to now, earlier attempts included. */
  readonly timeToFirstTokenMs: number
}

/** An attempt failed, and the same deployment will be asked again. */
export interface RetryEvent extends CallEvent {
  readonly deployment: string
  /** The attempt that failed. */
  readonly attempt: number
  /** How long the call pauses before it goes on. */
  readonly delayMs: number
  readonly error: DuoModelErrorJson
}

/** A deployment failed, and the next one of the feature is asked. */
export interface FallbackEvent extends CallEvent {
  readonly from: string
  readonly to: string
  readonly error: DuoModelErrorJson
}

/** A replica failed too often and is left alone (`open`), or is back (`closed`). */
export interface CircuitEvent {
  readonly deployment: string
  /** Without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
  readonly state: 'open' | 'closed'
}

/** A replica came or went because of `client.setEndpoints()`. */
export interface ReplicaEvent {
  readonly deployment: string
  /** Without user name, password and query. */
  readonly endpoint?: string
  /** `joined`: it may get requests. `left`: it gets no new ones. `drained`: those under way are done. */
  readonly change: ReplicaChange
}

/**
 * A replica's concurrency limit was set by something that was found out about its server (`concurrency: 'adaptive'`). The
 * steps on the way there, one request more at a time, are not told.
 */
export interface LimitEvent {
  readonly deployment: string
  /** Without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
  /** Requests that may be under way from now on. */
  readonly limit: number
  /** What it was before; the same where only now is known that it is right. */
  readonly previous: number
  readonly reason: LimitReason
}

/** A call is over; there is exactly one for each {@link RequestEvent}. */
export interface EndEvent extends CallEvent {
  readonly ok: boolean
  /** How many times the request was sent. */
  readonly attempts: number
  /** From the call to its end. */
  readonly elapsedMs: number
  /** The deployment that answered, or failed last; absent where none was asked. */
  readonly deployment?: string
  readonly finishReason?: FinishReason
  readonly timing?: Timing
  /** Of an answer that broke off, what the server had counted by then, or an estimate. */
  readonly usage?: Usage
  /** Why the call failed. */
  readonly error?: DuoModelErrorJson
}

/** The hooks and what each is told. */
export interface ClientEvents {
  /** A call begins: its request was found in order. */
  onRequest: RequestEvent
  /** A request is sent to a replica. */
  onAttempt: AttemptEvent
  /** The first content of a streamed answer is here. */
  onFirstToken: FirstTokenEvent
  /** An attempt failed, and the same deployment will be asked again. */
  onRetry: RetryEvent
  /** A deployment failed, and the next one of the feature is asked. */
  onFallback: FallbackEvent
  /** A replica is left alone after failures, or is back. */
  onCircuit: CircuitEvent
  /** A replica joined or left while the client runs. */
  onReplica: ReplicaEvent
  /** A replica's concurrency limit was found or has changed. */
  onLimit: LimitEvent
  /** A call is over, well or not. */
  onEnd: EndEvent
}

/**
 * Functions that are told what the client does, at once and on the way: keep them short. What they throw is reported to
 * the `logger`, or else as a process warning, and never reaches a call.
 */
export type ClientHooks = {
  readonly [Name in keyof ClientEvents]?: ((event: ClientEvents[Name]) => void) | undefined
}
