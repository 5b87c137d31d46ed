import type { DuoModelErrorOptions } from '../errors/duo-model-error-options.js'
import type { PartialResponse } from '../errors/partial-response.js'
import type { AdapterEvent } from '../stream-event.js'
import type { Usage } from '../usage.js'
import type { ChunkForms } from './chunk-forms.js'
import { ChunkMatcher } from './chunk-matcher.js'
import type { ChunkTemplate } from './chunk-template.js'
import type { ReadContentFilters } from './content-filter-reader.js'
import { type ErrorBody, findError } from './error-body.js'
import { readFinishReason } from './finish-reason.js'
import { asString, isJsonObject, type JsonObject, parseJson } from './json.js'
import { partialResponse, TextCollector } from './partial-collector.js'
import { ToolCallCollector } from './tool-call-collector.js'
import { hasCounts, readUsage, usageSoFar } from './usage.js'

/** Makes the errors of a stream; the platform knows its own error bodies, URL and hints. */
export interface StreamFailures {
  /** The server reported an error inside the stream. */
  reported(error: ErrorBody, fields: StreamFailureFields): Error
  /** An event is not what the protocol allows. */
  protocol(whatHappened: string, fields: StreamFailureFields): Error
  /** The stream stopped before the answer was complete. */
  interrupted(whatHappened: string, fields: StreamFailureFields): Error
}

/** What every error of a stream carries. */
export type StreamFailureFields = Pick<DuoModelErrorOptions, 'phase' | 'partial' | 'retryable'>

const doneMark = '[DONE]'
const maxEarlyReports = 1024
/** What an event takes beside its text, in characters. */
const eventSize = 64

function isDoneMark(data: string): boolean {
  return data.length < 64 && data.trim() === doneMark
}

/**
 * Turns the data of OpenAI-style chunks, chat or completion, into events, and knows whether the answer is complete.
 * One choice is read. Shapes are checked by hand: this runs once per token.
 */
export class OpenAIStreamReader {
  readonly #failures: StreamFailures
  readonly #text = new TextCollector()
  readonly #reasoning = new TextCollector()
  readonly #toolCalls = new ToolCallCollector()
  readonly #matcher: ChunkMatcher
  readonly #index: number
  #events: AdapterEvent[] = []
  #hasStarted = false
  #hasContent = false
  #finishReason: string | undefined
  /** The last usage member as it came; it is read when somebody asks, not on every chunk. */
  #rawUsage: unknown
  /** Holds the last usage instead, where it came with a chunk that was matched and not parsed. */
  #usageTemplate: ChunkTemplate | undefined
  #usageIsNew = false
  #waitingSize = 0
  /** Pieces of content: what the output is estimated by where the server counts nothing. */
  #deltas = 0
  #isComplete = false
  readonly #readContentFilters: ReadContentFilters | undefined
  /** Reports that came before the answer began: `response-start` is the first event. */
  #earlyReports: AdapterEvent[] = []

  /**
   * @param forms what other streams of the server have learned about the form of its chunks
   * @param index which of the choices is read
   */
  constructor(failures: StreamFailures, readContentFilters?: ReadContentFilters, forms?: ChunkForms, index = 0) {
    this.#failures = failures
    this.#index = index
    this.#matcher = new ChunkMatcher(forms)
    this.#readContentFilters = readContentFilters
  }

  /** Whether the answer is complete: nothing that comes after it counts. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** Whether events wait to be taken. */
  get hasEvents(): boolean {
    return this.#events.length > 0 || this.#usageIsNew
  }

  /** Whether text, reasoning or a tool call has come. */
  get hasContent(): boolean {
    return this.#hasContent
  }

  /** What the events that wait take, in characters: their text, and as much again as an event itself takes. */
  get waitingSize(): number {
    return this.#waitingSize
  }

  /** What has arrived so far; `undefined` where nothing has. */
  get partial(): PartialResponse | undefined {
    const usage = usageSoFar(this.#usage, this.#deltas)
    return partialResponse(this.#text.toString(), this.#reasoning.toString(), this.#toolCalls.calls, usage)
  }

  /** Hands over the events that wait. */
  takeEvents(): readonly AdapterEvent[] {
    if (this.#usageIsNew) this.#reportUsage()
    const events = this.#events
    this.#events = []
    this.#waitingSize = 0
    return events
  }

  /**
   * Takes the data of one server-sent event.
   * @throws what {@link StreamFailures} makes of a reported error or a broken event.
   */
  read(data: string, type?: string): void {
    if (this.#isComplete || data === '') return
    if (isDoneMark(data)) {
      this.#readDone()
      return
    }
    const chunk = parseJson(data)
    if (!isJsonObject(chunk)) this.#refuseData(data, type)
    if (chunk['error'] !== undefined || chunk['choices'] === undefined || type === 'error')
      this.#throwReportedError(chunk, type)
    const hasReports = this.#readReports(chunk)
    const isOwn = this.#readChunk(chunk)
    // A chunk that looks the same must be reported again.
    if (isOwn && this.#hasStarted && type === undefined && !hasReports) this.#matcher.learn(data, chunk)
  }

  /** Takes a chunk that reports neither an error nor filters, parsed; `data` is its text, where it may be learned from. */
  readParsed(chunk: JsonObject, data: string | undefined): void {
    if (!this.#isComplete && this.#readChunk(chunk) && data !== undefined) this.#matcher.learn(data, chunk)
  }

  /**
   * Takes the event that begins at `start`, if it has the form of one that was parsed before.
   * @returns where the next event begins; -1 where the event must be parsed
   */
  readWholeEvent(events: string, start: number): number {
    if (this.#isComplete) return -1
    const template = this.#matcher.match(events, start)
    if (template === undefined) return -1
    if (template.kind === 'text') this.#addText(template.text)
    else this.#addReasoning(template.text)
    if (template.hasUsage) {
      this.#usageTemplate = template
      this.#usageIsNew = true
    }
    return this.#matcher.end
  }

  /** The body is over; `rest` is an event whose end is missing. Completes the answer, or throws. */
  end(rest: string | undefined): void {
    if (this.#isComplete) return
    if (rest !== undefined && (isDoneMark(rest) || isJsonObject(parseJson(rest)))) this.read(rest)
    if (this.#isComplete) return
    if (this.#finishReason === undefined) throw this.interrupted('ended its stream without a finish reason')
    this.#complete()
  }

  /** The connection broke. Completes the answer if all of its content had come, and says whether it had. */
  tryToComplete(): boolean {
    if (!this.#isComplete && this.#finishReason !== undefined) this.#complete()
    return this.#isComplete
  }

  /** The error of a stream that stopped too early. */
  interrupted(whatHappened: string): Error {
    return this.#failures.interrupted(whatHappened, this.#fields())
  }

  #fields(): StreamFailureFields {
    if (!this.#hasContent) return { phase: 'first-token', partial: this.partial }
    // Another attempt would say again what the caller may have read.
    return { phase: 'stream', partial: this.partial, retryable: false }
  }

  get #usage(): Usage {
    return this.#usageTemplate === undefined ? readUsage(this.#rawUsage) : this.#usageTemplate.usage
  }

  #readDone(): void {
    if (this.#finishReason === undefined) throw this.interrupted('ended its stream with [DONE] and no finish reason')
    this.#complete()
  }

  #complete(): void {
    const raw = this.#finishReason ?? ''
    if (raw === 'abort') throw this.interrupted('aborted the answer on its side (finish reason "abort")')
    this.#toolCalls.end(this.#events)
    if (this.#usageIsNew) this.#reportUsage()
    const finishReason = readFinishReason(raw, this.#toolCalls.hasCalls)
    this.#events.push({ type: 'response-end', finishReason, usage: this.#usage })
    this.#isComplete = true
  }

  #reportUsage(): void {
    this.#usageIsNew = false
    const usage = this.#usage
    if (hasCounts(usage)) this.#events.push({ type: 'usage', usage })
  }

  #refuseData(data: string, type: string | undefined): never {
    if (type === 'error') throw this.#failures.reported({ message: data }, this.#fields())
    const shown = data.length > 100 ? `${data.slice(0, 100)}…` : data
    throw this.#failures.protocol(`sent an event that is not a JSON object: ${shown}`, this.#fields())
  }

  #throwReportedError(chunk: JsonObject, type: string | undefined): void {
    const error =
      findError(chunk) ??
      (type === 'error' ? { message: asString(chunk['message']) ?? JSON.stringify(chunk) } : undefined)
    if (error) throw this.#failures.reported(error, this.#fields())
  }

  #readReports(chunk: JsonObject): boolean {
    const reports = this.#readContentFilters?.(chunk)
    if (reports === undefined || reports.length === 0) return false
    const events = this.#hasStarted ? this.#events : this.#earlyReports
    // More reports than this before an answer are an attack.
    if (events.length < maxEarlyReports || this.#hasStarted) events.push(...reports)
    return true
  }

  /** Whether the last choice of the chunk is the one that is read here. */
  #readChunk(chunk: JsonObject): boolean {
    if (isJsonObject(chunk['usage'])) {
      this.#rawUsage = chunk['usage']
      this.#usageTemplate = undefined
      this.#usageIsNew = this.#hasStarted
    }
    const { choices } = chunk
    if (choices === undefined || choices === null) return false
    if (!Array.isArray(choices)) this.#refuseShape('a chunk whose choices are no list')
    if (!this.#hasStarted && choices.length > 0) this.#start(chunk)
    let isOwn = false
    for (const choice of choices) {
      isOwn = isJsonObject(choice) && (choice['index'] ?? 0) === this.#index
      if (isOwn) this.#readChoice(choice)
    }
    return isOwn
  }

  #start(chunk: JsonObject): void {
    this.#hasStarted = true
    this.#usageIsNew = this.#rawUsage !== undefined
    this.#events.push({
      type: 'response-start',
      id: asString(chunk['id']) ?? '',
      model: asString(chunk['model']) ?? '',
    })
    this.#events.push(...this.#earlyReports)
    this.#earlyReports = []
  }

  #readChoice(choice: JsonObject): void {
    const { delta, text, finish_reason: finishReason } = choice
    // Read before the finish reason: the last chunk may carry text (vLLM issues 35705 and 36944).
    if (isJsonObject(delta)) this.#readDelta(delta)
    else if (isJsonObject(choice['message'])) this.#readDelta(choice['message'])
    else if (typeof text === 'string') this.#addText(text)
    if (typeof finishReason === 'string' && finishReason !== '') this.#finishReason ??= finishReason
    // A filter may stop an answer whose text had already ended.
    if (finishReason === 'content_filter') this.#finishReason = finishReason
  }

  #readDelta(delta: JsonObject): void {
    const reasoning = delta['reasoning'] ?? delta['reasoning_content']
    if (typeof reasoning === 'string') this.#addReasoning(reasoning)
    if (typeof delta['content'] === 'string') this.#addText(delta['content'])
    // A model that declines says so in a member of its own; for the caller that is its answer.
    if (typeof delta['refusal'] === 'string') this.#addText(delta['refusal'])
    if (delta['tool_calls'] !== undefined) this.#readToolCalls(delta['tool_calls'])
  }

  #addText(text: string): void {
    if (text === '') return
    this.#hasContent = true
    this.#deltas++
    this.#waitingSize += text.length + eventSize
    this.#text.add(text)
    this.#events.push({ type: 'text-delta', text })
  }

  #addReasoning(text: string): void {
    if (text === '') return
    this.#hasContent = true
    this.#deltas++
    this.#waitingSize += text.length + eventSize
    this.#reasoning.add(text)
    this.#events.push({ type: 'reasoning-delta', text })
  }

  #readToolCalls(deltas: unknown): void {
    if (!this.#toolCalls.add(deltas, this.#events)) this.#refuseShape('tool-call deltas that fit no call')
    if (this.#toolCalls.hasCalls) this.#deltas++
    this.#hasContent ||= this.#toolCalls.hasCalls
  }

  #refuseShape(what: string): never {
    throw this.#failures.protocol(`sent ${what}`, this.#fields())
  }
}
