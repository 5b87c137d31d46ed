import { Buffer } from 'node:buffer'
import { crc32 } from './crc32.js'
import { readEventStreamHeaders } from './event-stream-headers.js'

/** Total length, length of the headers, and the checksum of both. */
const preludeLength = 12
const checksumLength = 4
/** The most AWS allows: a payload of 16 MiB and headers of 128 KiB. */
const defaultMaxMessageBytes = 16 * 1024 * 1024 + 128 * 1024 + preludeLength + checksumLength
/** What is kept for messages in several reads; a larger one gives its memory back. */
const keptCapacity = 64 * 1024

/** Bytes that are not what `application/vnd.amazon.eventstream` allows; the message is the end of a sentence. */
export class EventStreamError extends Error {
  override get name(): string {
    return 'EventStreamError'
  }
}

/**
 * One message, seen where it lies in the bytes of a read: it may be looked at until the next one is taken, and no longer.
 * Its checksums are right.
 */
export class EventStreamMessage {
  /** The bytes it lies in. */
  bytes: Buffer = Buffer.alloc(0)
  headersStart = 0
  payloadStart = 0
  payloadEnd = 0
  #byteText: string | undefined
  #byteTextEnd = 0

  /** The same bytes as text, one character for each (ISO 8859-1), so that places in the two agree. */
  get byteText(): string {
    this.#byteText ??= this.bytes.toString('latin1', 0, this.#byteTextEnd)
    return this.#byteText
  }

  /**
   * The headers that are texts.
   * @throws EventStreamError where they are malformed.
   */
  get headers(): ReadonlyMap<string, string> {
    const headers = readEventStreamHeaders(this.bytes, this.headersStart, this.payloadStart)
    if (headers === undefined) throw new EventStreamError('a message whose headers are malformed')
    return headers
  }

  /** The payload as text. */
  get payload(): string {
    return this.bytes.toString('utf8', this.payloadStart, this.payloadEnd)
  }

  /** Lays the view over other bytes. Called by the decoder. */
  open(bytes: Buffer, end: number): void {
    this.bytes = bytes
    this.#byteText = undefined
    this.#byteTextEnd = end
  }
}

/** Takes one message; `false` ends the decoding. */
export type EventStreamListener = (message: EventStreamMessage) => boolean

/**
 * Decodes `application/vnd.amazon.eventstream` from bytes in any cut. Both checksums of every message are checked, that
 * of the prelude before its lengths are trusted.
 *
 * This is a hot path. What it rests on: messages are looked at where they lie, with one view for all of them; only one
 * that spans several reads is copied, into memory that grows with what has really come.
 */
export class EventStreamDecoder {
  readonly #listener: EventStreamListener
  readonly #maxMessageBytes: number
  readonly #message = new EventStreamMessage()
  /** The beginning of a message whose end has not come. */
  #rest = Buffer.alloc(0)
  #restLength = 0
  #isEnded = false

  /** @param maxMessageBytes longest message that is accepted. Default: 16 MiB of payload and 128 KiB of headers. */
  constructor(listener: EventStreamListener, maxMessageBytes = defaultMaxMessageBytes) {
    this.#listener = listener
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Whether a message has begun and not ended. */
  get hasRest(): boolean {
    return this.#restLength > 0
  }

  /**
   * Takes the bytes of one read and reports every message they complete.
   * @throws EventStreamError for bytes that are no message.
   */
  push(chunk: Buffer): void {
    if (this.#isEnded) return
    let at = this.#restLength > 0 ? this.#completeRest(chunk) : 0
    this.#message.open(chunk, chunk.length)
    while (!this.#isEnded && chunk.length - at >= preludeLength) {
      const length = this.#readPrelude(chunk, at)
      if (chunk.length - at < length) break
      this.#report(chunk, at, length)
      at += length
    }
    if (!this.#isEnded && at < chunk.length) this.#keep(chunk, at, chunk.length)
  }

  /** The length of the message that begins at `start`, whose prelude is here. */
  #readPrelude(bytes: Buffer, start: number): number {
    if (crc32(bytes, start, start + 8) !== bytes.readUInt32BE(start + 8))
      throw new EventStreamError('a message whose prelude has a wrong checksum')
    const length = bytes.readUInt32BE(start)
    if (length > this.#maxMessageBytes)
      throw new EventStreamError(`a message of ${length} bytes, longer than the ${this.#maxMessageBytes} allowed`)
    if (length < preludeLength + bytes.readUInt32BE(start + 4) + checksumLength)
      throw new EventStreamError('a message shorter than its headers')
    return length
  }

  #report(bytes: Buffer, start: number, length: number): void {
    const payloadEnd = start + length - checksumLength
    if (crc32(bytes, start, payloadEnd) !== bytes.readUInt32BE(payloadEnd))
      throw new EventStreamError('a message with a wrong checksum')
    const message = this.#message
    message.headersStart = start + preludeLength
    message.payloadStart = message.headersStart + bytes.readUInt32BE(start + 4)
    message.payloadEnd = payloadEnd
    if (!this.#listener(message)) this.#isEnded = true
  }

  /** Goes on with the message that the last read left incomplete; returns how many bytes of this one belong to it. */
  #completeRest(chunk: Buffer): number {
    let used = 0
    if (this.#restLength < preludeLength) {
      used = Math.min(preludeLength - this.#restLength, chunk.length)
      this.#keep(chunk, 0, used)
      if (this.#restLength < preludeLength) return used
    }
    const length = this.#readPrelude(this.#rest, 0)
    const end = Math.min(used + length - this.#restLength, chunk.length)
    this.#keep(chunk, used, end)
    if (this.#restLength < length) return end
    this.#restLength = 0
    this.#message.open(this.#rest, length)
    this.#report(this.#rest, 0, length)
    if (this.#rest.length > keptCapacity) this.#rest = Buffer.alloc(0)
    return end
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const length = this.#restLength + end - start
    if (length > this.#rest.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#rest.length, 1024))
      this.#rest.copy(larger, 0, 0, this.#restLength)
      this.#rest = larger
    }
    chunk.copy(this.#rest, this.#restLength, start, end)
    this.#restLength = length
  }
}
