import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { AbortedError, ConfigurationError, type DuoModelError } from '@duo-models/adapters'
import type { Report, ResolvedConfiguration } from '@duo-models/rules'
import { Admission } from './admission.js'
import type { BatchOptions } from './batch/batch-options.js'
import { BatchRun } from './batch/batch-run.js'
import { type BatchRequests, BatchSource } from './batch/batch-source.js'
import { readBatchOptions } from './batch/read-batch-options.js'
import { Call } from './call.js'
import type { CallAnswer } from './call-answer.js'
import { type CallSettings, readCallOptions } from './call-settings.js'
import type { ClientSettings } from './client-settings.js'
import { Coalescer } from './coalescing/coalescer.js'
import { coalescingKey, readCoalescingKey } from './coalescing/coalescing-key.js'
import { SharedStream } from './coalescing/shared-stream.js'
import type { Deployment } from './deployment.js'
import type { CallOptions, CloseOptions, DuoModelClient } from './duo-model-client.js'
import { CallEvents } from './events/call-events.js'
import type { CallEvent } from './events/client-events.js'
import { createEventDispatcher, type EventDispatcher } from './events/event-dispatcher.js'
import { type FetchedAnswer, fetchAnswer, wantedAnswer } from './fetch-answer.js'
import { HealthMonitor } from './health/health-monitor.js'
import type { ModelRequest } from './model-request.js'
import type { ModelResponse } from './model-response.js'
import { ModelStream } from './model-stream.js'
import { PendingStream, type StartedStream } from './pending-stream.js'
import { type ProbeTarget, probeDeployments } from './probe/probe-deployments.js'
import type { ProbeOptions } from './probe/probe-options.js'
import type { RunCall } from './probe/probe-replica.js'
import type { ProbeReport } from './probe/probe-report.js'
import { readProbeOptions } from './probe/read-probe-options.js'
import { resolveEndpoints } from './resolve-endpoints.js'
import type { CollectedResponse } from './response-collector.js'
import { routeFeature } from './routing/route-feature.js'
import { RunningCalls } from './running-calls.js'
import { backgroundClock, systemClock } from './scheduling/clock.js'
import type { Permit } from './scheduling/permit.js'
import { type Attempt, RequestSender, type Sent } from './send-request.js'
import type { ClientStats } from './stats/client-stats.js'
import { describeStats } from './stats/describe-stats.js'
import { RetryPolicy } from './steps/retry-policy.js'
import { type OpenedStream, openStream, StreamSource } from './stream-source.js'
import { isContent } from './stream-timing.js'
import { validateRequest } from './validate-request.js'
import type { TimeLimits } from './watchdog.js'

/** What a client is made of. */
export interface ClientParts {
  readonly configuration: ResolvedConfiguration
  readonly report: Report
  readonly deployments: ReadonlyMap<string, Deployment>
  /** Platforms that the caller's own adapters add. */
  readonly platforms: readonly string[]
  readonly settings: ClientSettings
}

/** Requests of a batch that wait for their turn keep the servers full when one ends; more would only wait longer. */
const waitingShare = 1.25

/** Joins validation, routing, the sending loop and the adapters. */
export class Client implements DuoModelClient {
  readonly #parts: ClientParts
  readonly #admission: Admission
  readonly #policy: RetryPolicy
  readonly #events: EventDispatcher | undefined
  readonly #calls = new RunningCalls()
  readonly #coalescer = new Coalescer<ModelResponse>()
  /** Those that a further caller may join, by what they were asked. */
  readonly #sharedStreams = new Map<string, SharedStream>()
  readonly #batches = new Set<BatchRun>()
  readonly #createdAt = systemClock.now()
  readonly #health: HealthMonitor | undefined
  #configuration: ResolvedConfiguration
  #closing: Promise<void> | undefined
  #onIdle: (() => void) | undefined

  constructor(parts: ClientParts) {
    const { configuration, settings, platforms } = parts
    this.#parts = parts
    this.#configuration = configuration
    this.#admission = new Admission(settings.compatibility, {
      gitlab: configuration.gitlab,
      deployments: configuration.deployments,
      platforms,
    })
    this.#policy = new RetryPolicy(settings.retry)
    this.#events = createEventDispatcher(settings, parts.deployments)
    this.#health = createHealthMonitor(settings, parts.deployments)
  }

  async generate(request: ModelRequest, options: CallOptions = {}): Promise<ModelResponse> {
    const deployments = this.#accept(request)
    const key = this.#coalescingKey(request, options)
    if (key !== undefined) {
      const start = (signal: AbortSignal) => this.generate(request, { ...options, signal, coalesce: false })
      return this.#coalescer.run(key, options.signal, start)
    }
    const call = this.#startCall(readCallOptions(options))
    const events = this.#startEvents(call, request, 'generate', deployments)
    try {
      const run = (attempt: Attempt) => fetchAnswer(attempt, call)
      const sender = new RequestSender(request, wantedAnswer(request), call, this.#policy, run, events)
      const sent = await sender.send(deployments)
      sent.permit.release(undefined, sent.result.response.usage)
      const response = this.#describeResponse(request, sent, call)
      recordAnswer(sent.permit, call, response)
      events?.succeed(response)
      return response
    } catch (error) {
      events?.fail(error)
      throw error
    } finally {
      this.#endCall(call)
    }
  }

  stream(request: ModelRequest, options: CallOptions = {}): ModelStream {
    return new ModelStream(
      new PendingStream(
        () => this.#startStream(request, options),
        (collected, sent) => this.#describeStream(request, collected, sent),
      ),
    )
  }

  batch(requests: BatchRequests, options: BatchOptions = {}): BatchRun {
    const source = new BatchSource(requests)
    const settings = readBatchOptions(options, source.size)
    return new BatchRun({
      source,
      settings,
      run: (request, signal) => {
        const options = { signal, priority: settings.priority }
        return settings.stream ? this.stream(request, options).response : this.generate(request, options)
      },
      onStart: (run) => this.#startBatch(run),
      onEnd: (run) => this.#batches.delete(run),
      usefulConcurrency: () => this.#usefulConcurrency(),
      now: () => performance.now(),
    })
  }

  check(): Report {
    return this.#parts.report
  }

  async probe(options: ProbeOptions = {}): Promise<ProbeReport> {
    this.#refuseIfClosed()
    const settings = readProbeOptions(options)
    const names = settings.deployments ?? [...this.#parts.deployments.keys()]
    const targets = names.map((name) => this.#probeTarget(name))
    const run: RunCall = async (limitMs, work) => {
      const limits = { firstTokenMs: limitMs, interTokenMs: limitMs, totalMs: limitMs }
      const call = this.#startCall({ signal: settings.signal }, limits)
      try {
        if (call.failure !== undefined) throw call.failure
        return await work(call)
      } finally {
        call.abandonAttempt()
        this.#endCall(call)
      }
    }
    return probeDeployments(targets, settings, run)
  }

  setEndpoints(deployment: string, endpoints: string | readonly string[]): void {
    this.#refuseIfClosed()
    const target = this.#deployment(deployment)
    if (!target.replicaSet.hasEndpoints) throw noEndpointsError(target)
    const { settings, platforms } = this.#parts
    const configuration = resolveEndpoints({
      configuration: this.#configuration,
      deployment,
      endpoints,
      enforces: settings.compatibility === 'enforce',
      platforms,
    })
    this.#configuration = configuration
    this.#admission.setDeployments(configuration.deployments)
    target.setEndpoints(configuration.deployments[deployment]?.endpoints ?? [])
  }

  stats(): ClientStats {
    const now = systemClock.now()
    return describeStats({
      now,
      uptimeMs: now - this.#createdAt,
      runningCalls: this.#calls.size,
      runningBatches: this.#batches.size,
      deployments: this.#parts.deployments,
    })
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#close(options.drainMs ?? 0)
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #startStream(request: ModelRequest, options: CallOptions): StartedStream {
    const deployments = this.#accept(request)
    const key = this.#coalescingKey(request, options)
    if (key !== undefined) return this.#joinStream(key, options, deployments)
    return this.#sendStream(request, deployments, this.#startCall(readCallOptions(options)))
  }

  #coalescingKey(request: ModelRequest, { coalesce, priority }: CallOptions): string | undefined {
    return (coalesce ?? this.#parts.settings.coalesce) ? coalescingKey(request, priority) : undefined
  }

  /** Joins the stream that is under way for this key, or starts it. */
  #joinStream(key: string, options: CallOptions, deployments: readonly Deployment[]): StartedStream {
    const running = this.#sharedStreams.get(key)
    const settings = readCallOptions(options)
    const call = this.#startCall(settings, this.#parts.settings.timeouts, running?.requestId)
    if (call.failure !== undefined) {
      this.#endCall(call)
      throw call.failure
    }
    const shared = running ?? this.#shareStream(key, call.requestId, deployments)
    return shared.join(call, () => this.#endCall(call))
  }

  /** The call it runs under is none of the callers': it has no signal, and lasts as long as anybody wants the answer. */
  #shareStream(key: string, requestId: string, deployments: readonly Deployment[]): SharedStream {
    // A copy of the request: what one caller does to its own must not reach the others with a retry.
    const { request, priority } = readCoalescingKey(key)
    const limits = { ...this.#parts.settings.timeouts, totalMs: Number.POSITIVE_INFINITY }
    const call = new Call({ requestId, limits, signal: undefined, clock: systemClock, priority })
    const upstream = this.#sendStream(request, deployments, call)
    const shared = new SharedStream(upstream, call, () => this.#sharedStreams.delete(key))
    this.#sharedStreams.set(key, shared)
    return shared
  }

  #sendStream(request: ModelRequest, deployments: readonly Deployment[], call: Call): StreamSource {
    const events = this.#startEvents(call, request, 'stream', deployments)
    const open = (attempt: Attempt): Promise<OpenedStream> => openStream(attempt, call)
    const openAndTell = async (attempt: Attempt): Promise<OpenedStream> => {
      const opened = await open(attempt)
      if (opened.first.some(isContent)) events?.firstToken()
      return opened
    }
    const run = events === undefined ? open : openAndTell
    const sender = new RequestSender<OpenedStream>(request, 'stream', call, this.#policy, run, events)
    const source = new StreamSource(
      call,
      () => sender.send(deployments),
      (answer, failure) => {
        recordEnd(source.sent?.permit, call, answer, failure, events)
        this.#endCall(call)
      },
    )
    return source
  }

  /** As many as all deployments take together, and some that wait: a limit grows only while something waits for it. */
  #usefulConcurrency(): number {
    let capacity = 0
    for (const deployment of this.#parts.deployments.values()) capacity += deployment.dispatcher.capacity
    return Math.ceil(capacity * waitingShare) + 1
  }

  #startBatch(run: BatchRun): void {
    this.#refuseIfClosed()
    this.#batches.add(run)
  }

  #refuseIfClosed(): void {
    if (this.#closing === undefined) return
    throw new ConfigurationError({ message: 'The client is closed; make a new one with createDuoModelClient().' })
  }

  /** Everything that can be refused before anything is sent. */
  #accept(request: ModelRequest): readonly Deployment[] {
    this.#refuseIfClosed()
    validateRequest(request)
    const names = request.deployment === undefined ? this.#route(request) : [request.deployment]
    return names.map((name) => {
      const deployment = this.#deployment(name)
      this.#admission.enforce(request.feature, name)
      return deployment
    })
  }

  #route(request: ModelRequest): readonly string[] {
    const { features } = this.#configuration
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

  #probeTarget(name: string): ProbeTarget {
    const deployment = this.#deployment(name)
    const configured = this.#configuration.deployments[name]
    if (configured === undefined) throw new RangeError('Every deployment is in the configuration.')
    return { deployment, configured }
  }

  #deployment(name: string): Deployment {
    const deployment = this.#parts.deployments.get(name)
    if (deployment !== undefined) return deployment
    const known = [...this.#parts.deployments.keys()]
    throw new ConfigurationError({
      message: `The configuration has no deployment '${name}'. It has: ${known.join(', ') || 'none'}.`,
    })
  }

  #startCall(
    { signal, priority, deadlineMs }: CallSettings,
    timeouts: TimeLimits = this.#parts.settings.timeouts,
    requestId: string = randomUUID(),
  ): Call {
    const limits =
      deadlineMs === undefined ? timeouts : { ...timeouts, totalMs: Math.min(timeouts.totalMs, deadlineMs) }
    const call = new Call({ requestId, limits, signal, clock: systemClock, priority })
    this.#calls.add(call)
    this.#health?.use(call.startedAt)
    return call
  }

  #startEvents(
    call: Call,
    request: ModelRequest,
    kind: CallEvent['kind'],
    deployments: readonly Deployment[],
  ): CallEvents | undefined {
    if (this.#events === undefined) return undefined
    const events = new CallEvents(this.#events, call, request, kind)
    events.start(deployments)
    return events
  }

  #endCall(call: Call): void {
    call.end()
    this.#calls.delete(call)
    if (this.#calls.size === 0) this.#onIdle?.()
  }

  #describeResponse(request: ModelRequest, sent: Sent<FetchedAnswer>, call: Call): ModelResponse {
    const { deployment } = sent
    const { response: result, timing } = sent.result
    const { id, text, reasoning, toolCalls, finishReason, usage, contentFilters } = result
    // Written out, because a spread costs as much as the rest of the call's bookkeeping.
    const response = {
      id,
      text,
      toolCalls,
      finishReason,
      usage,
      servedModelName: result.model,
      timing: timing ?? { endToEndLatencyMs: call.elapsedMs(), schedulerQueueTimeMs: call.queuedMs },
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
    for (const batch of [...this.#batches]) batch.stop(closedError('batch'))
    await this.#drain(drainMs)
    this.#health?.close()
    for (const call of this.#calls.list()) call.fail(closedError('call'))
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

function recordEnd(
  permit: Permit | undefined,
  call: Call,
  answer: CallAnswer | undefined,
  failure: DuoModelError | undefined,
  events: CallEvents | undefined,
): void {
  if (answer !== undefined) {
    if (permit !== undefined) recordAnswer(permit, call, answer)
    events?.succeed(answer)
    return
  }
  // Whoever collects the answer adds what had arrived, right after it is told.
  queueMicrotask(() => {
    permit?.replica.statistics.countTokens(failure?.partial?.usage ?? {})
    events?.fail(failure)
  })
}

function recordAnswer({ replica, startedAt }: Permit, call: Call, { timing, usage }: CallAnswer): void {
  replica.statistics.measure(timing, usage, startedAt - call.startedAt)
}

function createHealthMonitor(
  { healthChecks: settings }: ClientSettings,
  deployments: ReadonlyMap<string, Deployment>,
): HealthMonitor | undefined {
  if (settings === undefined) return undefined
  return new HealthMonitor({
    settings,
    deployments: () => deployments.values(),
    clock: backgroundClock,
    random: Math.random,
  })
}

function noEndpointsError({ name, platform }: Deployment): ConfigurationError {
  return new ConfigurationError({
    message: `Deployment '${name}' has no endpoints that could be replaced: ${platform} finds them by region.`,
    deployment: name,
    platform,
  })
}

function closedError(what: 'batch' | 'call'): DuoModelError {
  return new AbortedError({ message: `The client was closed while the ${what} was under way.` })
}
