import { DuoModelError } from '@duo-models/adapters'
import type { Call } from '../call.js'
import type { CallAnswer } from '../call-answer.js'
import type { Deployment } from '../deployment.js'
import type { ModelRequest } from '../model-request.js'
import type { Replica } from '../routing/replica.js'
import type { CallEvent } from './client-events.js'
import type { EventDispatcher } from './event-dispatcher.js'

/** The events of one call. */
export class CallEvents {
  readonly #dispatcher: EventDispatcher
  readonly #call: Call
  readonly #common: CallEvent
  #attempts = 0
  #deployment: string | undefined

  constructor(dispatcher: EventDispatcher, call: Call, request: ModelRequest, kind: CallEvent['kind']) {
    this.#dispatcher = dispatcher
    this.#call = call
    this.#common = { requestId: call.requestId, feature: request.feature, kind }
  }

  start(deployments: readonly Deployment[]): void {
    const names = deployments.map(({ name }) => name)
    this.#dispatcher.emit('onRequest', { ...this.#common, deployments: names })
  }

  attempt({ name, platform }: Deployment, { shownEndpoint }: Replica): void {
    this.#attempts += 1
    this.#deployment = name
    this.#dispatcher.emit('onAttempt', {
      ...this.#common,
      deployment: name,
      platform,
      ...(shownEndpoint !== undefined && { endpoint: shownEndpoint }),
      attempt: this.#attempts,
    })
  }

  firstToken(): void {
    this.#dispatcher.emit('onFirstToken', {
      ...this.#common,
      deployment: this.#deployment ?? '',
      attempt: this.#attempts,
      timeToFirstTokenMs: this.#call.elapsedMs(),
    })
  }

  retry(error: DuoModelError, delayMs: number): void {
    const deployment = error.deployment ?? this.#deployment ?? ''
    const attempt = this.#attempts
    this.#dispatcher.emit('onRetry', { ...this.#common, deployment, attempt, delayMs, error: error.toJSON() })
  }

  fallback(from: string, to: string, error: DuoModelError): void {
    this.#dispatcher.emit('onFallback', { ...this.#common, from, to, error: error.toJSON() })
  }

  succeed({ finishReason, timing, usage }: CallAnswer): void {
    this.#dispatcher.emit('onEnd', { ...this.#end(true), finishReason, timing, usage })
  }

  fail(failure: unknown): void {
    if (!DuoModelError.is(failure)) return
    const usage = failure.partial?.usage
    this.#dispatcher.emit('onEnd', {
      ...this.#end(false),
      ...(usage !== undefined && { usage }),
      error: failure.toJSON(),
    })
  }

  #end(ok: boolean) {
    return {
      ...this.#common,
      ok,
      attempts: this.#attempts,
      elapsedMs: this.#call.elapsedMs(),
      ...(this.#deployment !== undefined && { deployment: this.#deployment }),
    }
  }
}
