import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { AdapterRequest, CompletionRequest } from '../adapter-request.js'
import type { AdapterResponse } from '../adapter-response.js'
import type { EndpointHealth, EndpointHealthOptions } from '../endpoint-health.js'
import type { EndpointProbeOptions, EndpointReport } from '../endpoint-report.js'
import { ChunkForms } from '../openai-format/chunk-forms.js'
import { DeferredBatches } from '../openai-format/deferred-batches.js'
import { foldSystemMessages } from '../openai-format/fold-system-messages.js'
import { generateCall } from '../openai-format/generate-call.js'
import { createRequestBody } from '../openai-format/request-body.js'
import { sharedStreamCall } from '../openai-format/shared-stream-call.js'
import { type StreamCallOptions, streamCall } from '../openai-format/stream-call.js'
import { loadInquiry } from '../server-reports/read-server-load.js'
import type { ReportReceiver } from '../server-reports/tell-server-report.js'
import type { AdapterEvent } from '../stream-event.js'
import { CheckedBatches } from '../structured-output/checked-batches.js'
import { outputFailure } from '../structured-output/output-failure.js'
import { checkResponse } from '../structured-output/request-check.js'
import type { RequestContext } from '../transport/request-context.js'
import { LoadInquiries } from './load-inquiries.js'
import { MetricsInquiries } from './metrics-inquiries.js'
import type { Preparation } from './preparation.js'
import { promptSharingKey } from './prompt-sharing-key.js'
import { VllmDialects } from './vllm-dialects.js'
import type { VllmEndpoint } from './vllm-endpoint.js'
import { classifyVllmResponse, vllmStreamFailures } from './vllm-errors.js'
import { checkVllmHealth } from './vllm-health.js'
import { probeVllmEndpoint } from './vllm-probe.js'
import { VllmTokenPrompts } from './vllm-token-prompts.js'

/**
 * Usage on every chunk, so that the cost of an answer is known when it is given up. Both members exist since 0.6.4;
 * other members would be refused by that version.
 */
const streamOptions = { include_usage: true, continuous_usage_stats: true }

const backgroundPriority = 1

/** Models whose chat templates, in the revisions still in use, refuse the system role. */
const modelsWithoutSystemRole = /mixtral|mistral-7b|gemma/i

/** How busy a server is, where it does not tell it in the head of its answers. */
const metricsQuestion = { method: 'GET', base: 'root', path: '/metrics', timeoutMs: 5_000, isBackground: true } as const

/** What a shared request hears of aborts: nothing. Its callers have signals of their own. */
const quietSignal = new AbortController().signal

/** One of the prompts that share a request, as it is sent: text or tokens. */
interface SharedPrompt {
  readonly request: CompletionRequest
  readonly call: AdapterCall
  readonly prompt: string | readonly number[]
}

/** What became of one that had to be prepared. */
type OpenedStream = { readonly stream: AsyncIterable<readonly AdapterEvent[]> } | { readonly error: unknown }

/** One vLLM server, ready for requests. */
export class VllmConnection implements AdapterConnection {
  readonly #endpoint: VllmEndpoint
  readonly #dialects: VllmDialects
  readonly #tokenPrompts: VllmTokenPrompts
  readonly #paths: Readonly<Record<AdapterRequest['kind'], string>>
  readonly #foldsSystemMessages: boolean
  readonly #forms = new ChunkForms()
  readonly #inquiries = new LoadInquiries()
  readonly #metrics: MetricsInquiries
  readonly #closing = new AbortController()
  #sharedCalls = 0

  constructor(endpoint: VllmEndpoint) {
    this.#endpoint = endpoint
    this.#dialects = new VllmDialects(endpoint)
    this.#tokenPrompts = new VllmTokenPrompts(endpoint)
    this.#metrics = new MetricsInquiries(() => endpoint.ask({ ...metricsQuestion, signal: this.#closing.signal }))
    this.#paths = { chat: endpoint.path('api', '/chat/completions'), completion: endpoint.path('api', '/completions') }
    const { model, servedModelName } = endpoint.options
    this.#foldsSystemMessages = modelsWithoutSystemRole.test(`${model} ${servedModelName}`)
  }

  async generate(request: AdapterRequest, call: AdapterCall): Promise<AdapterResponse> {
    const preparation = this.#needsPreparation(request) ? await this.#prepare(request, call) : {}
    const asksForLoad = this.#asksForLoad(call, false)
    const reportTo = this.#metrics.begin(call, asksForLoad)
    try {
      const options = this.#callOptions(request, call, false, preparation, asksForLoad, reportTo)
      const response = await generateCall(options)
      if (asksForLoad) this.#metrics.answered()
      checkResponse(response, preparation.check, options.context)
      return response
    } finally {
      this.#metrics.end()
    }
  }

  stream(request: AdapterRequest, call: AdapterCall): AsyncIterable<readonly AdapterEvent[]> {
    return call.isCollected ? this.#streamInquiring(request, call) : this.#stream(request, call)
  }

  /** As {@link generate} does, and as hardly any other stream needs: its first token says enough. */
  async *#streamInquiring(request: AdapterRequest, call: AdapterCall): AsyncGenerator<readonly AdapterEvent[]> {
    const asksForLoad = this.#asksForLoad(call, true)
    const reportTo = this.#metrics.begin(call, asksForLoad)
    try {
      for await (const batch of this.#stream(request, call, asksForLoad, reportTo)) {
        if (asksForLoad) this.#metrics.answered()
        yield batch
      }
    } finally {
      this.#metrics.end()
    }
  }

  #stream(
    request: AdapterRequest,
    call: AdapterCall,
    asksForLoad = this.#asksForLoad(call, true),
    reportTo: ReportReceiver = call,
  ): AsyncIterable<readonly AdapterEvent[]> {
    if (!this.#needsPreparation(request))
      return streamCall(this.#callOptions(request, call, true, {}, asksForLoad, reportTo))
    return new DeferredBatches(async () => {
      const preparation = await this.#prepare(request, call)
      const options = this.#callOptions(request, call, true, preparation, asksForLoad, reportTo)
      const batches = streamCall(options)
      const { check } = preparation
      return check ? new CheckedBatches(batches, check, outputFailure(options.context)) : batches
    })
  }

  sharingKey(request: CompletionRequest): string | undefined {
    if (this.#dialects.needsPreparation(request)) return undefined
    return promptSharingKey(request, this.#tokenPrompts.areNeeded(request) ? 'tokens' : 'text')
  }

  streamMany(
    requests: readonly CompletionRequest[],
    calls: readonly AdapterCall[],
  ): readonly AsyncIterable<readonly AdapterEvent[]>[] {
    const shared = requests.map((request, index) => ({
      request,
      call: calls[index] as AdapterCall,
      prompt: request.prompt,
    }))
    if (!requests.some((request) => this.#tokenPrompts.areNeeded(request))) return this.#share(shared)
    let opening: Promise<readonly OpenedStream[]> | undefined
    const open = async (index: number): Promise<AsyncIterable<readonly AdapterEvent[]>> => {
      opening ??= this.#tokenizeAndShare(shared)
      const opened = (await opening)[index] as OpenedStream
      if ('error' in opened) throw opened.error
      return opened.stream
    }
    return requests.map((_, index) => new DeferredBatches(() => open(index)))
  }

  async probe(options: EndpointProbeOptions): Promise<EndpointReport> {
    const { models, metrics: _metrics, ...report } = await probeVllmEndpoint(this.#endpoint, options)
    return { ...report, ...(models && { models: models.map(({ id }) => id) }) }
  }

  checkHealth(options: EndpointHealthOptions): Promise<EndpointHealth> {
    return checkVllmHealth(this.#endpoint, options)
  }

  close(): Promise<void> {
    this.#closing.abort()
    return this.#endpoint.close()
  }

  /** Those whose tokens cannot be found out fail alone. */
  async #tokenizeAndShare(prompts: readonly SharedPrompt[]): Promise<readonly OpenedStream[]> {
    const outcomes = await Promise.allSettled(
      prompts.map(({ request, call }) =>
        this.#tokenPrompts.tokensOf(request, call.signal, this.#context(request, call)),
      ),
    )
    const tokenized = prompts.flatMap((prompt, index) => {
      const outcome = outcomes[index]
      return outcome?.status === 'fulfilled' ? [{ ...prompt, prompt: outcome.value ?? prompt.prompt }] : []
    })
    const streams = this.#share(tokenized)[Symbol.iterator]()
    return outcomes.map((outcome): OpenedStream => {
      const stream = outcome.status === 'fulfilled' ? streams.next().value : undefined
      return stream === undefined ? { error: (outcome as PromiseRejectedResult).reason } : { stream }
    })
  }

  #share(prompts: readonly SharedPrompt[]): readonly AsyncIterable<readonly AdapterEvent[]>[] {
    const [first, ...rest] = prompts
    if (first === undefined) return []
    // An id of its own: while the answer goes on for others, a caller may have left and send its id again.
    const requestId = `${first.call.requestId}.${++this.#sharedCalls}`
    const call = { requestId, signal: quietSignal, priority: first.call.priority }
    const members = { prompt: prompts.map(({ prompt }) => prompt) }
    const callerOf = ({ request, call: own }: SharedPrompt) => {
      const context = this.#context(request, own)
      return { signal: own.abortSource ?? own.signal, context, failures: vllmStreamFailures(context) }
    }
    return sharedStreamCall({
      ...this.#callOptions(first.request, call, true, { members }),
      callers: [callerOf(first), ...rest.map(callerOf)],
    })
  }

  #needsPreparation(request: AdapterRequest): boolean {
    return this.#dialects.needsPreparation(request) || this.#tokenPrompts.areNeeded(request)
  }

  async #prepare(request: AdapterRequest, call: AdapterCall): Promise<Preparation> {
    const context = this.#context(request, call)
    const preparation = await this.#dialects.prepare(request, call.signal, context)
    const tokens = await this.#tokenPrompts.tokensOf(request, call.signal, context)
    return tokens ? { ...preparation, members: { ...preparation.members, prompt: tokens } } : preparation
  }

  #callOptions(
    request: AdapterRequest,
    call: AdapterCall,
    stream: boolean,
    preparation: Preparation,
    asksForLoad = stream && this.#asksForLoad(call, true),
    reportTo: ReportReceiver = call,
  ): StreamCallOptions {
    const context = this.#context(request, call)
    const { pool, connectTimeoutMs } = this.#endpoint
    return {
      pool,
      request: {
        method: 'POST',
        path: this.#paths[request.kind],
        headers: this.#headers(call, stream, asksForLoad),
        body: this.#body(request, stream, this.#members(preparation, call)),
      },
      signal: call.abortSource ?? call.signal,
      context,
      connectTimeoutMs,
      classify: classifyVllmResponse,
      failures: vllmStreamFailures(context),
      forms: this.#forms,
      reportTo,
    }
  }

  #headers(call: AdapterCall, stream: boolean, asksForLoad: boolean): Readonly<Record<string, string>> {
    const headers = this.#endpoint.headers(call.requestId, stream ? 'text/event-stream' : 'application/json')
    return asksForLoad ? { ...headers, ...loadInquiry } : headers
  }

  #asksForLoad(call: AdapterCall, stream: boolean): boolean {
    return call.onServerReport !== undefined && this.#inquiries.isDue(stream ? 'stream' : 'whole')
  }

  #context(request: AdapterRequest, call: AdapterCall): RequestContext {
    return this.#endpoint.context('POST', this.#paths[request.kind], call.requestId)
  }

  /** What only vLLM has a member for. A higher priority number is scheduled later; 0 is what others have. */
  #members({ members }: Preparation, { priority }: AdapterCall): Preparation['members'] {
    if (priority !== 'background' || this.#endpoint.options.schedulesByPriority === undefined) return members
    return { priority: backgroundPriority, ...members }
  }

  #body(request: AdapterRequest, stream: boolean, members: Preparation['members']): string {
    const folds = request.kind === 'chat' && this.#foldsSystemMessages
    const sent = folds ? { ...request, messages: foldSystemMessages(request.messages) } : request
    return createRequestBody(sent, {
      model: this.#endpoint.options.servedModelName,
      stream,
      maxTokensField: 'max_tokens',
      streamOptions,
      platformMembers: members,
    })
  }
}
