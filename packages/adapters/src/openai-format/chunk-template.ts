import { Buffer } from 'node:buffer'
import type { Usage } from '../usage.js'
import type { ChunkForm, ChunkSlot, ChunkTextKind } from './chunk-form.js'
import { parseJson } from './json.js'
import { readUsage, type WritableUsage } from './usage.js'

const quote = 34
const backslash = 92
const zero = 48
const nine = 57
/** So many digits are always a safe integer. */
const maxDigits = 15
/** From this length on, a part of a string keeps the whole string alive in V8; a copy does not. */
const minSlicedLength = 13

/**
 * Reads chunks whose only news is one piece of text and two running counts, by comparing everything between them, letter
 * by letter, with a form. Most chunks of an answer have the form of the one before, and comparing is several times
 * cheaper than parsing.
 *
 * Nothing can be misread. A form is taken from a chunk only after the chunk with other contents in its slots was parsed
 * and said exactly those. JSON is context-free: whatever other string literal or whole number stands there, the chunk
 * means the same but for them. And what is in the slots is checked to be one literal, no more.
 */
export class ChunkTemplate {
  readonly kind: ChunkTextKind
  /** The text of the chunk that was matched last. */
  text = ''
  /** What stands before each slot, and behind the last one. */
  readonly #parts: readonly string[]
  readonly #slots: readonly ChunkSlot[]
  #counts: number[]
  /** Counts of a chunk whose match is not certain yet. */
  #found: number[]
  readonly #outputIndex: number
  readonly #totalIndex: number
  /** The usage of the chunk the form was taken from. */
  readonly #usage: Usage | undefined
  /** Where the text of the chunk that is being matched is. */
  #textStart = 0
  #textEnd = 0
  #textHasEscapes = false

  constructor({ kind, parts, slots, usage }: ChunkForm) {
    this.kind = kind
    this.#usage = usage && readUsage(usage)
    const last = parts.length - 1
    this.#parts = parts.map((part, index) =>
      copy(`${index === 0 ? 'data: ' : ''}${part}${index === last ? '\n\n' : ''}`),
    )
    this.#slots = slots
    this.#counts = slots.map(() => 0)
    this.#found = [...this.#counts]
    this.#outputIndex = slots.indexOf('output-tokens')
    this.#totalIndex = slots.indexOf('total-tokens')
  }

  /** Whether the chunks repeat the usage. */
  get hasUsage(): boolean {
    return this.#usage !== undefined
  }

  /** The usage of the chunk that was matched last. */
  get usage(): Usage {
    const usage: WritableUsage = { ...this.#usage }
    const outputTokens = this.#counts[this.#outputIndex]
    const totalTokens = this.#counts[this.#totalIndex]
    if (outputTokens !== undefined) usage.outputTokens = outputTokens
    if (totalTokens !== undefined) usage.totalTokens = totalTokens
    return usage
  }

  /**
   * Reads the event that begins at `start`, if it has this form, into `text` and `usage`.
   * @returns where the next event begins; -1 where the form is another one or the event is not here to its end
   */
  match(events: string, start: number): number {
    const parts = this.#parts
    const last = parts.length - 1
    let at = start
    for (let index = 0; ; index++) {
      const part = parts[index] as string
      const end = at + part.length
      if (events.slice(at, end) !== part) return -1
      if (index === last) return this.#accept(events) ? end : -1
      at = this.#readSlot(events, end, index)
      if (at === -1) return -1
    }
  }

  /** Where the content of a slot ends that begins at `start`; -1 where it is not what belongs there. */
  #readSlot(events: string, start: number, index: number): number {
    const slot = this.#slots[index]
    if (slot === 'text') return this.#findText(events, start)
    return slot === 'filler' ? endOfFiller(events, start) : this.#readCount(events, start, index)
  }

  #findText(events: string, start: number): number {
    let at = start
    let hasEscapes = false
    for (;;) {
      const code = events.charCodeAt(at)
      if (code === quote) break
      if (code === backslash) {
        hasEscapes = true
        at++
      } else if (!(code >= 32)) return -1
      at++
    }
    // An empty text is no event.
    if (at === start) return -1
    this.#textStart = start
    this.#textEnd = at
    this.#textHasEscapes = hasEscapes
    return at
  }

  #readCount(events: string, start: number, index: number): number {
    let at = start
    let value = 0
    for (;;) {
      const code = events.charCodeAt(at)
      if (!(code >= zero && code <= nine)) break
      value = value * 10 + code - zero
      at++
    }
    const length = at - start
    if (length === 0 || length > maxDigits) return -1
    // JSON has no numbers with a leading zero.
    if (length > 1 && events.charCodeAt(start) === zero) return -1
    this.#found[index] = value
    return at
  }

  /** Everything matches but the escapes, which are left to `JSON.parse`. */
  #accept(events: string): boolean {
    const start = this.#textStart
    const end = this.#textEnd
    if (!this.#textHasEscapes && end - start < minSlicedLength) {
      this.text = events.slice(start, end)
    } else {
      const text = parseJson(events.slice(start - 1, end + 1))
      if (typeof text !== 'string') return false
      this.text = text
    }
    const found = this.#found
    this.#found = this.#counts
    this.#counts = found
    return true
  }
}

/** A filler with an escape is left to the parser, which checks it. */
function endOfFiller(events: string, start: number): number {
  let at = start
  for (;;) {
    const code = events.charCodeAt(at)
    if (code === quote) return at
    if (!(code >= 32) || code === backslash) return -1
    at++
  }
}

/** A string of its own: a part of a read keeps the whole read alive, and strings put together are slow to compare. */
function copy(text: string): string {
  return Buffer.from(text).toString()
}
