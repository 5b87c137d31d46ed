import type { ContentFilterEvent, PartialResponse, StreamEvent, ToolCall, Usage } from '@duo-models/adapters'
import type { ModelResponse } from './model-response.js'

/** The members of a response that only its events tell. */
export type CollectedResponse = Pick<
  ModelResponse,
  'id' | 'text' | 'reasoning' | 'toolCalls' | 'finishReason' | 'usage' | 'timing' | 'servedModelName' | 'contentFilters'
>

/** Puts the events of a stream together again. */
export class ResponseCollector {
  readonly #text = new BoundedText()
  readonly #reasoning = new BoundedText()
  /** By index; the last one may not be complete yet. */
  readonly #toolCalls = new Map<number, { id: string; name: string; arguments: string }>()
  readonly #contentFilters: ContentFilterEvent[] = []
  #id = ''
  #servedModelName = ''
  #usage: Usage | undefined
  #end: Extract<StreamEvent, { type: 'response-end' }> | undefined

  /**
   * @param maxCharacters what is kept of the text; a longer answer is delivered in full to whoever reads the events,
   * and only its collected copy is given up, so that memory stays flat
   */
  constructor(maxCharacters = Number.POSITIVE_INFINITY) {
    this.#text.maxCharacters = maxCharacters
    this.#reasoning.maxCharacters = maxCharacters
  }

  /** Whether text was given up because there was too much of it. */
  get overflowed(): boolean {
    return this.#text.overflowed || this.#reasoning.overflowed
  }

  add(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        this.#text.add(event.text)
        return
      case 'reasoning-delta':
        this.#reasoning.add(event.text)
        return
      case 'response-start':
        this.#id = event.id
        this.#servedModelName = event.model
        return
      case 'tool-call-start':
        this.#toolCalls.set(event.index, { id: event.id, name: event.name, arguments: '' })
        return
      case 'tool-call-delta':
        this.#addArguments(event.index, event.argumentsText)
        return
      case 'tool-call-end':
        this.#toolCalls.set(event.index, { id: event.id, name: event.name, arguments: event.arguments })
        return
      case 'content-filter':
        this.#contentFilters.push(event)
        return
      case 'usage':
        this.#usage = event.usage
        return
      case 'response-end':
        this.#end = event
        return
    }
  }

  /**
   * What there is so far, for an error that ends the answer; `undefined` where there is nothing.
   * @param contentEvents pieces of content that came: what the output is estimated by where the server counts nothing,
   * because servers send one token per piece most of the time
   */
  partial(contentEvents = 0): PartialResponse | undefined {
    const text = this.#text.join()
    const reasoning = this.#reasoning.join()
    const usage = this.#usage ?? (contentEvents > 0 ? { outputTokens: contentEvents, estimated: true } : undefined)
    if (text === '' && reasoning === '' && this.#toolCalls.size === 0 && usage === undefined) return undefined
    return { text, reasoning, toolCalls: this.#listToolCalls(), ...(usage !== undefined && { usage }) }
  }

  /** The whole answer; `undefined` while its last event is missing. */
  complete(): CollectedResponse | undefined {
    if (this.#end === undefined) return undefined
    const reasoning = this.#reasoning.join()
    return {
      id: this.#id,
      text: this.#text.join(),
      ...(reasoning === '' ? {} : { reasoning }),
      toolCalls: this.#listToolCalls(),
      finishReason: this.#end.finishReason,
      usage: this.#end.usage,
      timing: this.#end.timing,
      servedModelName: this.#servedModelName,
      ...(this.#contentFilters.length === 0 ? {} : { contentFilters: this.#contentFilters }),
    }
  }

  #addArguments(index: number, text: string): void {
    const call = this.#toolCalls.get(index)
    if (call !== undefined) call.arguments += text
  }

  #listToolCalls(): ToolCall[] {
    return Array.from(this.#toolCalls.values(), (call) => ({ ...call }))
  }
}

const maxParts = 4096

/** Text in pieces, joined once at the end; of a text that is too long, the beginning. */
class BoundedText {
  maxCharacters = Number.POSITIVE_INFINITY
  overflowed = false
  #parts: string[] = []
  #length = 0

  add(part: string): void {
    if (this.overflowed) return
    this.#length += part.length
    if (this.#length > this.maxCharacters) {
      this.overflowed = true
      return
    }
    this.#parts.push(part)
    // Thousands of short strings weigh several times their text.
    if (this.#parts.length === maxParts) this.#parts = [this.#parts.join('')]
  }

  join(): string {
    return this.#parts.join('')
  }
}
