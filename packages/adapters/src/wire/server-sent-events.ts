import { Buffer } from 'node:buffer'

/** Takes one event: its data, and its type where the server named one. */
export type ServerSentEventListener = (data: string, type: string | undefined) => void

/**
 * Reads one event, from `data: ` to its empty line, straight from the decoded text, where it begins at `start`.
 * @returns where the next event begins, or -1 to leave the event to the decoder
 */
export type WholeEventReader = (text: string, start: number) => number

/** What {@link ServerSentEventDecoder} may be told. */
export interface ServerSentEventDecoderOptions {
  /** Asked first about every event without a type; lines end in LF by then. Default: none. */
  readonly readWholeEvent?: WholeEventReader | undefined
  /** Longest event that is accepted, in bytes. Default: 8 MiB. */
  readonly maxEventBytes?: number | undefined
}

/** An event is longer than the limit: the server is broken, or hostile. */
export class EventTooLongError extends Error {
  /** The limit, in bytes. */
  readonly maxEventBytes: number

  constructor(maxEventBytes: number) {
    super(`An event of the stream is longer than ${maxEventBytes} bytes.`)
    this.maxEventBytes = maxEventBytes
  }

  override get name(): string {
    return 'EventTooLongError'
  }
}

const lineFeed = 10
const carriageReturn = 13
const byteOrderMark = 0xfeff
const defaultMaxEventBytes = 8 * 1024 * 1024
const leaveToDecoder: WholeEventReader = () => -1

/**
 * Decodes `text/event-stream` (WHATWG HTML, section 9.2.6) from bytes in any cut.
 *
 * This is a hot path. What it rests on: a line end is never part of a longer UTF-8 sequence, so a read is decoded once,
 * up to its last line end, and the rest waits as bytes; in a text without CR (every server we know) lines are found by
 * `indexOf` alone; and `data: …` followed by an empty line, the form of nearly every event, is handed over without
 * touching the event state. A line that spans many reads is joined once, when its end arrives.
 */
export class ServerSentEventDecoder {
  readonly #listener: ServerSentEventListener
  readonly #readWholeEvent: WholeEventReader
  readonly #maxEventBytes: number
  /** Bytes after the last line end. */
  #rest: Buffer[] = []
  #restLength = 0
  /** The last read ended in CR: a LF at the start of the next one belongs to it. */
  #skipsLineFeed = false
  #isStart = true
  /** The data lines of the event that is being read, joined by LF; `undefined` before the first one. */
  #data: string | undefined
  #type: string | undefined

  constructor(listener: ServerSentEventListener, options: ServerSentEventDecoderOptions = {}) {
    this.#listener = listener
    this.#readWholeEvent = options.readWholeEvent ?? leaveToDecoder
    this.#maxEventBytes = options.maxEventBytes ?? defaultMaxEventBytes
  }

  /**
   * Takes the bytes of one read and reports every event they complete.
   * @throws EventTooLongError when an event passes the limit.
   */
  push(chunk: Buffer): void {
    const bytes = this.#skipsLineFeed && chunk[0] === lineFeed ? chunk.subarray(1) : chunk
    if (chunk.length > 0) this.#skipsLineFeed = false
    const end = endOfLastLine(bytes)
    if (end === 0) {
      this.#keep(bytes)
      return
    }
    this.#skipsLineFeed = end === bytes.length && bytes[end - 1] === carriageReturn
    const joined = this.#restLength === 0 ? 0 : endOfFirstEvent(bytes, end)
    if (joined > 0) this.#readText(bytes.subarray(0, joined))
    if (joined < end) this.#readText(joined === 0 && end === bytes.length ? bytes : bytes.subarray(joined, end))
    if (end < bytes.length) this.#keep(bytes.subarray(end))
  }

  /**
   * The stream is over. Returns the data of an event whose empty line is missing, its last line possibly cut off; the
   * specification discards it, and servers of language models do forget the last line end after `[DONE]`.
   */
  end(): string | undefined {
    if (this.#restLength > 0) this.#readLines(`${this.#decode(Buffer.alloc(0))}\n`)
    const data = this.#data
    this.#data = undefined
    return data
  }

  #readText(bytes: Buffer): void {
    const text = this.#decode(bytes)
    this.#readLines(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)
  }

  #decode(bytes: Buffer): string {
    const isWhole = this.#restLength === 0
    const all = isWhole ? bytes : Buffer.concat([...this.#rest, bytes])
    if (!isWhole) this.#rest = []
    this.#restLength = 0
    const text = all.toString('utf8')
    if (!this.#isStart) return text
    this.#isStart = false
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
  }

  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#restLength += bytes.length
    if (this.#restLength + (this.#data?.length ?? 0) > this.#maxEventBytes)
      throw new EventTooLongError(this.#maxEventBytes)
    // A copy, because a few bytes would keep the whole read alive while a stream waits.
    this.#rest.push(Buffer.from(bytes))
  }

  #readLines(text: string): void {
    let start = 0
    while (start < text.length) {
      const next = this.#data === undefined && this.#type === undefined ? this.#readWholeEvent(text, start) : -1
      if (next !== -1) {
        start = next
        continue
      }
      const end = text.indexOf('\n', start)
      if (end === start) {
        this.#dispatch()
        start++
      } else if (
        this.#data === undefined &&
        text.startsWith('data: ', start) &&
        text.charCodeAt(end + 1) === lineFeed
      ) {
        const type = this.#type
        this.#type = undefined
        this.#listener(text.slice(start + 6, end), type)
        start = end + 2
      } else {
        this.#readField(text, start, end)
        start = end + 1
      }
    }
  }

  #dispatch(): void {
    const data = this.#data
    const type = this.#type
    this.#data = undefined
    this.#type = undefined
    if (data !== undefined) this.#listener(data, type)
  }

  #readField(text: string, start: number, end: number): void {
    const colon = text.indexOf(':', start)
    const hasValue = colon !== -1 && colon < end
    const name = text.slice(start, hasValue ? colon : end)
    if (name !== 'data' && name !== 'event') return
    const valueStart = hasValue ? colon + (text[colon + 1] === ' ' ? 2 : 1) : end
    const value = text.slice(Math.min(valueStart, end), end)
    if (name === 'data') this.#addData(value)
    else this.#type = value === '' ? undefined : value
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    if (this.#data.length > this.#maxEventBytes) throw new EventTooLongError(this.#maxEventBytes)
  }
}

/** Where the bytes of the last line that is complete end; 0 where there is none. Most reads end with a line. */
function endOfLastLine(bytes: Buffer): number {
  if (bytes[bytes.length - 1] === lineFeed) return bytes.length
  return Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1
}

/** How many bytes to join with what is left of the read before, so that not all of them are copied: one event. */
function endOfFirstEvent(bytes: Buffer, end: number): number {
  const first = bytes.indexOf(lineFeed) + 1
  if (first === 0) return end
  return bytes[first] === lineFeed ? first + 1 : first
}
