import { Buffer } from 'node:buffer'
import type { Usage } from '../usage.js'
import { isJsonObject, type JsonObject, parseJson } from './json.js'
import { readUsage, type WritableUsage } from './usage.js'

/** Which part of the answer the text of a chunk belongs to. */
export type ChunkTextKind = 'text' | 'reasoning'

/** What a chunk says whose only news is one piece of text. */
interface PlainChunk {
  readonly kind: ChunkTextKind
  /** The member that holds the text. */
  readonly member: string
  readonly text: string
  readonly usage: JsonObject | undefined
}

const textMembers = ['content', 'reasoning', 'reasoning_content', 'text']
/** The members of `usage` that change from chunk to chunk where a server repeats it. */
const runningCounts = ['total_tokens', 'completion_tokens'] as const
const quote = 34
const backslash = 92
const zero = 48
const nine = 57
/** So many digits are always a safe integer. */
const maxDigits = 15
/** Longer chunks are rare, and their form would take much memory. */
const maxFormLength = 16 * 1024
/** From this length on, a part of a string keeps the whole string alive in V8; a copy does not. */
const minSlicedLength = 13

/**
 * The form of a chunk whose only news is one piece of text and two running counts: everything between them, letter by
 * letter. Most chunks of an answer have the form of the one before, and comparing is several times cheaper than parsing.
 *
 * Nothing can be misread. A form is taken from a chunk only after the chunk with another text and other counts in their
 * places was parsed and said exactly those. JSON is context-free: whatever other string literal or whole number stands
 * there, the chunk means the same but for them. And what is in the places is checked to be one literal, no more.
 */
export class ChunkTemplate {
  readonly kind: ChunkTextKind
  /** The text of the chunk that was matched last. */
  text = ''
  readonly #head: string
  /** What follows the text and each count. */
  readonly #parts: readonly string[]
  #counts: number[]
  /** Counts of a chunk whose match is not certain yet. */
  #found: number[]
  readonly #outputIndex: number
  readonly #totalIndex: number
  /** The usage of the chunk the form was taken from. */
  readonly #usage: Usage | undefined
  /** Where the number that was read last ends. */
  #numberEnd = 0

  private constructor(chunk: PlainChunk, form: Form) {
    this.kind = chunk.kind
    this.#usage = chunk.usage && readUsage(chunk.usage)
    const last = form.parts.length - 1
    this.#head = copy(`data: ${form.head}`)
    this.#parts = form.parts.map((part, index) => copy(index === last ? `${part}\n\n` : part))
    this.#counts = form.countNames.map(() => 0)
    this.#found = [...this.#counts]
    this.#outputIndex = form.countNames.indexOf('completion_tokens')
    this.#totalIndex = form.countNames.indexOf('total_tokens')
  }

  /** The form of a chunk, from the data of its event; `undefined` where it is not one that is sure to be read well. */
  static from(data: string, json: JsonObject): ChunkTemplate | undefined {
    const chunk = data.length > maxFormLength || data.includes('\n') ? undefined : readPlainChunk(json)
    if (chunk === undefined) return undefined
    for (const literal of findLiterals(data, chunk.member)) {
      const form = findForm(data, literal, chunk.usage)
      if (isProven(form, chunk)) return new ChunkTemplate(chunk, form)
    }
    return undefined
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
    const textStart = start + this.#head.length
    if (events.slice(start, textStart) !== this.#head) return -1
    let textEnd = textStart
    let hasEscapes = false
    for (;;) {
      const code = events.charCodeAt(textEnd)
      if (code === quote) break
      if (code === backslash) {
        hasEscapes = true
        textEnd++
      } else if (!(code >= 32)) return -1
      textEnd++
    }
    // An empty text is no event.
    if (textEnd === textStart) return -1
    const end = this.#matchRest(events, textEnd)
    if (end === -1 || !this.#takeText(events, textStart, textEnd, hasEscapes)) return -1
    const found = this.#found
    this.#found = this.#counts
    this.#counts = found
    return end
  }

  #matchRest(events: string, start: number): number {
    const parts = this.#parts
    const last = parts.length - 1
    let at = start
    for (let index = 0; ; index++) {
      const part = parts[index] as string
      const end = at + part.length
      if (events.slice(at, end) !== part) return -1
      if (index === last) return end
      const count = this.#readCount(events, end)
      if (count === -1) return -1
      this.#found[index] = count
      at = this.#numberEnd
    }
  }

  #readCount(events: string, start: number): number {
    let at = start
    let value = 0
    for (;;) {
      const code = events.charCodeAt(at)
      if (!(code >= zero && code <= nine)) break
      value = value * 10 + code - zero
      at++
    }
    this.#numberEnd = at
    const length = at - start
    if (length === 0 || length > maxDigits) return -1
    // JSON has no numbers with a leading zero.
    return length > 1 && events.charCodeAt(start) === zero ? -1 : value
  }

  #takeText(events: string, start: number, end: number, hasEscapes: boolean): boolean {
    if (!hasEscapes && end - start < minSlicedLength) {
      this.text = events.slice(start, end)
      return true
    }
    const text = parseJson(events.slice(start - 1, end + 1))
    if (typeof text !== 'string') return false
    this.text = text
    return true
  }
}

/** A string of its own: a part of a read keeps the whole read alive, and strings put together are slow to compare. */
function copy(text: string): string {
  return Buffer.from(text).toString()
}

/** A chunk cut at its news. */
interface Form {
  readonly head: string
  readonly parts: readonly string[]
  readonly countNames: readonly string[]
  readonly counts: readonly number[]
}

/** Where a string literal is, without its quotes. */
interface Literal {
  readonly start: number
  readonly end: number
}

/** The chunk as text and usage, where there is nothing else in it that {@link OpenAIStreamReader} would act on. */
function readPlainChunk(chunk: JsonObject): PlainChunk | undefined {
  const { choices, usage, error } = chunk
  if (error !== undefined || !Array.isArray(choices) || choices.length !== 1) return undefined
  const choice: unknown = choices[0]
  if (!isJsonObject(choice) || (choice['index'] ?? 0) !== 0 || (choice['finish_reason'] ?? '') !== '') return undefined
  if ('message' in choice || ('delta' in choice && 'text' in choice)) return undefined
  const holder = isJsonObject(choice['delta']) ? choice['delta'] : choice
  const members = textMembers.filter((name) => typeof holder[name] === 'string' && holder[name] !== '')
  const [member] = members
  if (member === undefined || members.length > 1 || (holder['tool_calls'] ?? null) !== null) return undefined
  // The first of the two names wins, even with an empty text.
  if (member === 'reasoning_content' && (holder['reasoning'] ?? null) !== null) return undefined
  if ((member === 'text') !== (holder === choice)) return undefined
  const kind = member.startsWith('reasoning') ? 'reasoning' : 'text'
  return { kind, member, text: holder[member] as string, usage: isJsonObject(usage) ? usage : undefined }
}

function findLiterals(data: string, member: string): Literal[] {
  const found = data.matchAll(new RegExp(`"${member}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`, 'g'))
  return Array.from(found, (match) => {
    const end = match.index + match[0].length - 1
    return { start: end - (match[1] ?? '').length, end }
  })
}

function findForm(data: string, { start, end }: Literal, usage: JsonObject | undefined): Form {
  const rest = data.slice(end)
  const pattern = new RegExp(`(?<="(${runningCounts.join('|')})"\\s*:\\s*)\\d+`, 'g')
  const counts = usage === undefined ? [] : Array.from(rest.matchAll(pattern))
  const edges = counts.flatMap((match) => [match.index, match.index + match[0].length])
  const bounds = [0, ...edges, rest.length]
  return {
    head: data.slice(0, start),
    parts: Array.from({ length: counts.length + 1 }, (_, index) =>
      rest.slice(bounds[2 * index], bounds[2 * index + 1]),
    ),
    countNames: counts.map((match) => match[1] ?? ''),
    counts: counts.map((match) => Number(match[0])),
  }
}

/** Puts another text and other counts in the places of the old ones, and sees whether that is what the chunk then says. */
function isProven({ head, parts, countNames, counts }: Form, chunk: PlainChunk): boolean {
  // One without the other is a server whose total has to be added up: too rare to be quick for.
  if (countNames.length > 0 && (countNames.length !== 2 || countNames[0] === countNames[1])) return false
  const otherText = `${chunk.text}x`
  const otherCounts = counts.map((count, index) => count + index + 1)
  const other = parts.slice(1).map((part, index) => `${otherCounts[index]}${part}`)
  const json = parseJson([head, JSON.stringify(otherText).slice(1, -1), parts[0], ...other].join(''))
  const read = isJsonObject(json) ? readPlainChunk(json) : undefined
  if (read === undefined || read.member !== chunk.member || read.text !== otherText) return false
  return countNames.every(
    (name, index) => chunk.usage?.[name] === counts[index] && read.usage?.[name] === otherCounts[index],
  )
}
