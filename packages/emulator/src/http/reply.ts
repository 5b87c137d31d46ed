import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenRecord } from '../recorded-request.js'
import type { Breakage, HeaderList, ResponseWriter } from './response-writer.js'

/** One event of a stream, as it is written: the text of a server-sent event, or the bytes of a frame. */
export type StreamEvent = string | Buffer

/** The response to one request, as a dialect writes it. A fault may stand between the dialect and the socket. */
export interface Reply {
  /** Aborts when the client closes the connection or the emulator stops. */
  readonly signal: AbortSignal
  /** Whether the status line has been sent. */
  readonly started: boolean
  /** Sends a whole response with `content-length`. */
  send(status: number, headers: HeaderList, body: string): Promise<void>
  /** Sends status and headers of a streamed response at once. */
  start(status: number, headers: HeaderList): Promise<void>
  /** Writes one whole event: a server-sent event, blank line included, or a frame. Resolves when the socket takes more. */
  write(event: StreamEvent): Promise<void>
  /** Ends a streamed response properly. */
  end(): Promise<void>
}

/** Bytes that were just written get this head start, in milliseconds, before a reset may overtake them. */
const resetDelayMs = 10

/** The reply that writes to the connection. Faults use its lower-level methods. */
export class SocketReply implements Reply {
  readonly #writer: ResponseWriter
  readonly #record: OpenRecord
  readonly #abort = new AbortController()
  readonly #isServerClosing: () => boolean
  /** Splits everything that is written from now on into pieces of so many bytes. */
  bytesPerWrite: number | undefined

  constructor(writer: ResponseWriter, record: OpenRecord, isServerClosing: () => boolean) {
    this.#writer = writer
    this.#record = record
    this.#isServerClosing = isServerClosing
    writer.onceClosed(() => this.#closed())
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get started(): boolean {
    return this.#writer.headersSent
  }

  async send(status: number, headers: HeaderList, body: string | Buffer): Promise<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.#writeHead(status, [...headers, ['content-length', String(bytes.length)]])
    if (this.bytesPerWrite !== undefined) {
      await this.writeBytes(bytes)
      return this.end()
    }
    this.#record.bytesWritten += bytes.length
    this.#writer.end(bytes)
    this.#finish()
  }

  async start(status: number, headers: HeaderList): Promise<void> {
    this.#writeHead(status, [...headers, ['transfer-encoding', 'chunked']])
    this.#writer.flushHead()
  }

  async write(event: StreamEvent): Promise<void> {
    this.signal.throwIfAborted()
    this.#record.eventsWritten += typeof event !== 'string' || event.startsWith('data:') ? 1 : 0
    await this.writeBytes(event)
  }

  async end(): Promise<void> {
    this.#writer.end()
    this.#finish()
  }

  /** Sends status and headers as given, adding nothing but chunked coding where a body may follow without a length. */
  startExactly(status: number, headers: HeaderList): void {
    const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
    const bodiless = status === 204 || status === 304
    this.#writeHead(status, framed || bodiless ? headers : [...headers, ['transfer-encoding', 'chunked']])
    this.#writer.flushHead()
  }

  /** Writes body bytes and waits while the socket is full. Throws the abort reason once the client is gone. */
  async writeBytes(data: string | Uint8Array): Promise<void> {
    if (this.bytesPerWrite === undefined) return this.#writeOnce(data)
    const bytes = Buffer.from(data)
    for (let start = 0; start < bytes.length; start += this.bytesPerWrite) {
      await this.#writeOnce(bytes.subarray(start, start + this.bytesPerWrite))
      await nextTurn()
    }
  }

  /** Writes bytes to the connection itself, outside HTTP. */
  writeOutsideHttp(data: Buffer): void {
    this.signal.throwIfAborted()
    this.#record.bytesWritten += data.length
    this.#writer.writeOutsideHttp(data)
  }

  /** Closes the connection without ending the response: with FIN after what was written, or with RST. */
  async breakOff(how: Breakage): Promise<void> {
    if (this.signal.aborted) return
    await this.#writer.flush()
    if (how === 'reset') await delay(resetDelayMs)
    this.stop()
    this.#writer.breakConnection(how)
  }

  /** Declares the response complete as it is: whoever still writes to it is stopped by the signal. */
  stop(): void {
    this.#finish()
    this.#abort.abort(new DOMException('A fault ended the response.', 'AbortError'))
  }

  /** Leaves the connection open and silent until the client closes it. */
  async hang(): Promise<never> {
    return new Promise((_, reject) => {
      if (this.signal.aborted) reject(this.signal.reason)
      else this.signal.addEventListener('abort', () => reject(this.signal.reason), { once: true })
    })
  }

  async #writeOnce(data: string | Uint8Array): Promise<void> {
    this.signal.throwIfAborted()
    this.#record.bytesWritten += typeof data === 'string' ? Buffer.byteLength(data) : data.length
    if (!this.#writer.write(data)) await this.#drained()
  }

  #writeHead(status: number, headers: HeaderList): void {
    this.signal.throwIfAborted()
    this.#record.status = status
    this.#writer.writeHead(status, headers)
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        forget()
        this.signal.removeEventListener('abort', settle)
        if (this.signal.aborted) reject(this.signal.reason)
        else resolve()
      }
      const forget = this.#writer.onceDrained(settle)
      this.signal.addEventListener('abort', settle, { once: true })
    })
  }

  #finish(): void {
    this.#record.finished = true
    this.#record.endedAt = Date.now()
  }

  #closed(): void {
    if (this.#record.finished) return
    this.#record.closedByClient = !this.#isServerClosing()
    this.#record.endedAt = Date.now()
    this.#abort.abort(new DOMException('The connection was closed.', 'AbortError'))
  }
}
