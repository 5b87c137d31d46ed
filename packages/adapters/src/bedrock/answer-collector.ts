import type { PartialResponse } from '../errors/partial-response.js'
import { createInstructCleaner } from '../fill-in-the-middle/instruct-cleaner.js'
import type { FinishReason } from '../finish-reason.js'
import { partialResponse, TextCollector } from '../openai-format/partial-collector.js'
import { usageSoFar } from '../openai-format/usage.js'
import type { AdapterEvent, ContentFilterEvent } from '../stream-event.js'
import type { Usage } from '../usage.js'
import type { AnswerForm } from './answer-form.js'
import { readBedrockFinishReason } from './bedrock-finish-reason.js'
import { type RawCounts, unifyCounts } from './bedrock-usage.js'
import { ToolUseCollector } from './tool-use-collector.js'

/** What is wrong with a part of an answer, as the end of a sentence that begins with "sent"; `undefined` where it is good. */
export type AnswerProblem = string | undefined

/** What an answer is about to be read with. */
export interface AnswerCollectorOptions {
  /** The name the model has on Bedrock; Converse does not repeat it. */
  readonly modelId: string
  readonly form: AnswerForm
}

/**
 * Turns the parts of an answer into events, whichever of Bedrock's formats they come in, whole or streamed. A tool the
 * answer was to be given with is read as text, and prose around JSON that was asked for in words is taken off.
 */
export class AnswerCollector {
  readonly #modelId: string
  readonly #answerTool: string | undefined
  readonly #cleaner: ReturnType<typeof createInstructCleaner> | undefined
  readonly #text = new TextCollector()
  readonly #reasoning = new TextCollector()
  readonly #toolUses = new ToolUseCollector()
  /** Blocks that hold the answer although they are a call. */
  readonly #answerBlocks = new Set<number>()
  #events: AdapterEvent[] = []
  #counts: RawCounts = {}
  #hasStarted = false
  #hasContent = false
  /** Pieces of content: what the output is estimated by where the server counts nothing. */
  #deltas = 0
  #stopReason: string | undefined
  #wasFiltered = false
  #isComplete = false

  constructor({ modelId, form }: AnswerCollectorOptions) {
    this.#modelId = modelId
    this.#answerTool = form.means === 'forced-tool' ? form.name : undefined
    this.#cleaner = form.means === 'prompt' ? createInstructCleaner({ prefix: '', suffix: '' }) : undefined
  }

  /** Whether events wait to be taken. */
  get hasEvents(): boolean {
    return this.#events.length > 0
  }

  /** Whether text, reasoning or a tool call has come. */
  get hasContent(): boolean {
    return this.#hasContent
  }

  /** Whether the model has said that it is done. */
  get isStopped(): boolean {
    return this.#stopReason !== undefined
  }

  /** Whether the last event is there: nothing that comes after it counts. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** What has arrived so far; `undefined` where nothing has. */
  get partial(): PartialResponse | undefined {
    const usage = usageSoFar(this.usage, this.#deltas)
    return partialResponse(this.#text.toString(), this.#reasoning.toString(), this.#toolUses.calls, usage)
  }

  /** What was counted so far. */
  get usage(): Usage {
    return unifyCounts(this.#counts)
  }

  /** Hands over the events that wait. */
  takeEvents(): readonly AdapterEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** The answer begins. Later calls, and names that are left out, change nothing. */
  start(id: string | undefined, model = this.#modelId): void {
    if (this.#hasStarted) return
    this.#hasStarted = true
    this.#events.push({ type: 'response-start', id: id ?? '', model })
  }

  /** A piece of the answer's text. */
  addText(text: string): void {
    if (text === '') return
    this.#hasContent = true
    this.#deltas++
    if (this.#cleaner) this.#pushText(this.#cleaner.push(text))
    else this.#pushText(text)
  }

  /** A piece of what the model thinks before it answers. */
  addReasoning(text: string): void {
    if (text === '') return
    this.#hasContent = true
    this.#deltas++
    this.#reasoning.add(text)
    this.#events.push({ type: 'reasoning-delta', text })
  }

  /** A tool call begins. */
  startToolUse(block: number, id: string | undefined, name: string): AnswerProblem {
    this.#hasContent = true
    if (name !== this.#answerTool) return problemUnless(this.#toolUses.start(block, id, name, this.#events))
    this.#answerBlocks.add(block)
    return undefined
  }

  /** A piece of a tool call's arguments. */
  addToolInput(block: number, text: string): AnswerProblem {
    this.#deltas++
    this.#hasContent = true
    if (!this.#answerBlocks.has(block)) return problemUnless(this.#toolUses.add(block, text, this.#events))
    this.#pushText(text)
    return undefined
  }

  /** A content block is complete. */
  endBlock(block: number): void {
    this.#toolUses.end(block, this.#events)
  }

  /** The content filter has something to say. */
  addContentFilter(event: ContentFilterEvent): void {
    this.#events.push(event)
  }

  /** A guardrail stopped the answer, whatever the stop reason says. */
  markFiltered(): void {
    this.#wasFiltered = true
  }

  /** Adds counts; those that came before stay where these leave them out. */
  addCounts(counts: RawCounts): void {
    this.#counts = { ...this.#counts, ...counts }
  }

  /** Adds counts from a second source, where the first one left them out. */
  addMissingCounts(counts: RawCounts): void {
    this.#counts = { ...counts, ...this.#counts }
  }

  /** The model is done. The first reason counts. */
  stop(rawReason: string): void {
    this.#stopReason ??= rawReason
  }

  /** Nothing follows. */
  complete(): void {
    if (this.#isComplete) return
    this.#isComplete = true
    if (this.#cleaner) this.#pushText(this.#cleaner.flush())
    this.#toolUses.endAll(this.#events)
    this.#events.push({ type: 'response-end', finishReason: this.#finishReason, usage: this.usage })
  }

  get #finishReason(): FinishReason {
    const finishReason = readBedrockFinishReason(this.#stopReason ?? '', this.#toolUses.hasCalls)
    return this.#wasFiltered ? { ...finishReason, unified: 'content-filter' } : finishReason
  }

  #pushText(text: string): void {
    if (text === '') return
    this.#hasContent = true
    this.#text.add(text)
    this.#events.push({ type: 'text-delta', text })
  }
}

function problemUnless(isFine: boolean): AnswerProblem {
  return isFine ? undefined : 'tool calls beyond any number and length an answer has'
}
