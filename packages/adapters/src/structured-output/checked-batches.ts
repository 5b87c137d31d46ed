import type { PartialResponse } from '../errors/partial-response.js'
import type { ToolCall } from '../message.js'
import type { AdapterEvent, AdapterResponseEndEvent } from '../stream-event.js'
import type { OutputCheck, OutputProblem } from './output-check.js'

/** Makes the error for an answer that does not have its form. */
export type OutputFailure = (problem: OutputProblem, partial: PartialResponse, rawFinishReason: string) => Error

/** A longer answer is not kept for the check, in characters. */
const maxCheckedLength = 32 * 1024 * 1024
const tooLong: OutputProblem = {
  description: `is longer than ${maxCheckedLength} characters, the most that is checked`,
}

type Batch = readonly AdapterEvent[]

/**
 * Passes a stream on and checks the whole text before its last event: an answer without the form that was asked for
 * has no `response-end`, it fails.
 */
export class CheckedBatches implements AsyncIterableIterator<Batch, undefined, undefined> {
  readonly #source: AsyncIterator<Batch, undefined, undefined>
  readonly #check: OutputCheck
  readonly #fail: OutputFailure
  readonly #toolCalls: ToolCall[] = []
  #text = ''
  #reasoning = ''
  #isTooLong = false
  #failure: Error | undefined

  constructor(source: AsyncIterable<Batch, undefined, undefined>, check: OutputCheck, fail: OutputFailure) {
    this.#source = source[Symbol.asyncIterator]()
    this.#check = check
    this.#fail = fail
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Batch, undefined>> {
    if (this.#failure) throw this.#takeFailure()
    const result = await this.#source.next()
    if (result.done) return result
    for (const event of result.value) this.#look(event)
    if (!this.#failure) return result
    const before = result.value.filter((event) => event.type !== 'response-end')
    if (before.length === 0) throw this.#takeFailure()
    return { done: false, value: before }
  }

  async return(): Promise<IteratorResult<Batch, undefined>> {
    this.#failure = undefined
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  #takeFailure(): Error | undefined {
    const failure = this.#failure
    this.#failure = undefined
    return failure
  }

  #look(event: AdapterEvent): void {
    if (event.type === 'text-delta') this.#text = this.#add(this.#text, event.text)
    else if (event.type === 'reasoning-delta') this.#reasoning = this.#add(this.#reasoning, event.text)
    else if (event.type === 'tool-call-end') this.#toolCalls.push(toToolCall(event))
    else if (event.type === 'response-end') this.#finish(event)
  }

  #add(text: string, piece: string): string {
    this.#isTooLong ||= text.length + piece.length > maxCheckedLength
    return this.#isTooLong ? text : text + piece
  }

  #finish({ finishReason, usage }: AdapterResponseEndEvent): void {
    if (answersWithToolCalls(this.#text, this.#toolCalls)) return
    const problem = this.#isTooLong ? tooLong : this.#check(this.#text)
    if (!problem) return
    const partial = { text: this.#text, reasoning: this.#reasoning, toolCalls: this.#toolCalls, usage }
    this.#failure = this.#fail(problem, partial, finishReason.raw)
  }
}

/** A model that calls a tool instead of answering has no answer to be checked. */
export function answersWithToolCalls(text: string, toolCalls: readonly ToolCall[]): boolean {
  return text === '' && toolCalls.length > 0
}

function toToolCall({ id, name, arguments: text }: ToolCall): ToolCall {
  return { id, name, arguments: text }
}
