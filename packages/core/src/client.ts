import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { AbortedError, type AdapterResponse, ConfigurationError, type DuoModelError } from '@duo-models/adapters'
import type { Report, ResolvedConfiguration } from '@duo-models/rules'
import { Admission } from './admission.js'
import { Call } from './call.js'
import { cleanResponse } from './clean-output.js'
import type { ClientSettings } from './client-settings.js'
import type { Deployment } from './deployment.js'
import type { CallOptions, CloseOptions, DuoModelClient } from './duo-model-client.js'
import type { ModelRequest } from './model-request.js'
import type { ModelResponse } from './model-response.js'
import { ModelStream } from './model-stream.js'
import type { CollectedResponse } from './response-collector.js'
import { routeFeature } from './routing/route-feature.js'
import { type Attempt, RequestSender, type Sent } from './send-request.js'
import { RetryBudget } from './steps/retry-budget.js'
import { RetryPolicy } from './steps/retry-policy.js'
import { type OpenedStream, openStream, StreamSource } from './stream-source.js'
import { validateRequest } from './validate-request.js'

/** What a client is made of. */
export interface ClientParts {
  readonly configuration: ResolvedConfiguration
  readonly report: Report
  readonly deployments: ReadonlyMap<string, Deployment>
  /** Platforms that the caller's own adapters add. */
  readonly platforms: readonly string[]
  readonly settings: ClientSettings
}

/** Joins validation, routing, the sending loop and the adapters. */
export class Client implements DuoModelClient {
  readonly #parts: ClientParts
  readonly #admission: Admission
  readonly #budget: RetryBudget
  readonly #policy: RetryPolicy
  readonly #calls = new Set<Call>()
  #closing: Promise<void> | undefined
  #onIdle: (() => void) | undefined

  constructor(parts: ClientParts) {
    const { configuration, settings, platforms } = parts
    this.#parts = parts
    this.#admission = new Admission(settings.compatibility, {
      gitlab: configuration.gitlab,
      deployments: configuration.deployments,
      platforms,
    })
    this.#budget = new RetryBudget(settings.retry.budgetRatio)
    this.#policy = new RetryPolicy(settings.retry, this.#budget)
  }

  async generate(request: ModelRequest, options: CallOptions = {}): Promise<ModelResponse> {
    const deployments = this.#accept(request)
    const call = this.#startCall(options)
    try {
      const sender = new RequestSender(request, call, this.#policy, (attempt) => generateOnce(attempt, call))
      const sent = await sender.send(deployments)
      sent.release()
      return this.#describeResponse(request, sent, call)
    } finally {
      this.#endCall(call)
    }
  }

  stream(request: ModelRequest, options: CallOptions = {}): ModelStream {
    let source: StreamSource | undefined
    const start = (): StreamSource => {
      source ??= this.#startStream(request, options)
      return source
    }
    return new ModelStream({
      next: (receiver) => start().next(receiver),
      stop: (failure) => source?.stop(failure),
      get contentEvents() {
        return source?.contentEvents ?? 0
      },
      describe: (collected) => this.#describeStream(request, collected, start().sent),
    })
  }

  check(): Report {
    return this.#parts.report
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.drainMs ?? 0)
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #startStream(request: ModelRequest, options: CallOptions): StreamSource {
    const deployments = this.#accept(request)
    const call = this.#startCall(options)
    const sender = new RequestSender<OpenedStream>(request, call, this.#policy, (attempt) => openStream(attempt, call))
    return new StreamSource(
      call,
      () => sender.send(deployments),
      () => this.#endCall(call),
    )
  }

  /** Everything that can be refused before anything is sent. */
  #accept(request: ModelRequest): readonly Deployment[] {
    if (this.#closing !== undefined)
      throw new ConfigurationError({ message: 'The client is closed; make a new one with createDuoModelClient().' })
    validateRequest(request)
    const names = request.deployment === undefined ? this.#route(request) : [request.deployment]
    return names.map((name) => {
      const deployment = this.#deployment(name)
      this.#admission.enforce(request.feature, name)
      return deployment
    })
  }

  #route(request: ModelRequest): readonly string[] {
    const { features } = this.#parts.configuration
    const names = routeFeature(features, request.feature)
    if (names !== undefined && names.length > 0) return names
    const known = Object.keys(features)
    throw new ConfigurationError({
      message:
        `The configuration names no deployment for '${request.feature}'. ` +
        `${known.length === 0 ? 'It lists no feature' : `It lists ${known.join(', ')}`}: ` +
        `add '${request.feature}' to \`features\`, or name a \`deployment\` in the request.`,
    })
  }

  #deployment(name: string): Deployment {
    const deployment = this.#parts.deployments.get(name)
    if (deployment !== undefined) return deployment
    const known = [...this.#parts.deployments.keys()]
    throw new ConfigurationError({
      message: `The configuration has no deployment '${name}'. It has: ${known.join(', ') || 'none'}.`,
    })
  }

  #startCall({ signal }: CallOptions): Call {
    const { timeouts } = this.#parts.settings
    this.#budget.earn()
    const call = new Call({ requestId: randomUUID(), limits: timeouts, signal, now: () => performance.now() })
    this.#calls.add(call)
    return call
  }

  #endCall(call: Call): void {
    call.end()
    this.#calls.delete(call)
    if (this.#calls.size === 0) this.#onIdle?.()
  }

  #describeResponse(request: ModelRequest, sent: Sent<AdapterResponse>, call: Call): ModelResponse {
    const { deployment, result } = sent
    const { id, text, reasoning, toolCalls, finishReason, usage, contentFilters } = result
    // Written out, because a spread costs as much as the rest of the call's bookkeeping.
    const response = {
      id,
      text,
      toolCalls,
      finishReason,
      usage,
      servedModelName: result.model,
      timing: { endToEndLatencyMs: call.elapsedMs(), schedulerQueueTimeMs: 0 },
      deployment: deployment.name,
      platform: deployment.platform,
      model: deployment.model,
      attempts: sent.attempts,
      warnings: this.#admission.warnings(request.feature, deployment.name),
    }
    if (reasoning === undefined && contentFilters === undefined) return response
    return {
      ...response,
      ...(reasoning !== undefined && { reasoning }),
      ...(contentFilters !== undefined && { contentFilters }),
    }
  }

  #describeStream(request: ModelRequest, collected: CollectedResponse, sent: StreamSource['sent']): ModelResponse {
    if (sent === undefined) throw new RangeError('A complete answer has come from somewhere.')
    return { ...collected, ...this.#origin(request, sent) }
  }

  #origin(request: ModelRequest, { deployment, attempts }: Pick<Sent<unknown>, 'deployment' | 'attempts'>) {
    const { name, platform, model } = deployment
    const warnings = this.#admission.warnings(request.feature, name)
    return { deployment: name, platform, model, attempts, warnings }
  }

  async #close(drainMs: number): Promise<void> {
    await this.#drain(drainMs)
    for (const call of [...this.#calls]) call.fail(closedError())
    await Promise.all([...this.#parts.deployments.values()].map((deployment) => deployment.close()))
  }

  async #drain(drainMs: number): Promise<void> {
    if (this.#calls.size === 0 || drainMs <= 0) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve
      timer = setTimeout(resolve, drainMs)
    })
    clearTimeout(timer)
  }
}

async function generateOnce({ connection, prepared, call: attempt }: Attempt, call: Call): Promise<AdapterResponse> {
  const response = await call.wait(connection.generate(prepared.request, attempt))
  const cleaner = prepared.createCleaner?.()
  return cleaner === undefined ? response : cleanResponse(response, cleaner)
}

function closedError(): DuoModelError {
  return new AbortedError({ message: 'The client was closed while the call was under way.' })
}
