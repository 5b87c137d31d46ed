import type { ServerResponse } from 'node:http'
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenRecord } from '../recorded-request.js'

/** Header names and values in the order they are sent, spelled as they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** The response to one request, as a dialect writes it. A fault may stand between the dialect and the socket. */
export interface Reply {
  /** Aborts when the client closes the connection or the emulator stops. */
  readonly signal: AbortSignal
  /** Whether the status line has been sent. */
  readonly started: boolean
  /** Sends a whole response with `content-length`. */
  send(status: number, headers: HeaderList, body: string): Promise<void>
  /** Sends status and headers of a chunked response at once. */
  start(status: number, headers: HeaderList): Promise<void>
  /** Writes one server-sent event, blank line included. Resolves when the socket takes more. */
  write(event: string): Promise<void>
  /** Ends a chunked response properly. */
  end(): Promise<void>
}

/** How a response ends when it does not end properly. */
export type Breakage = 'fin' | 'reset'

/** Bytes that were just written get this head start, in milliseconds, before a reset may overtake them. */
const resetDelayMs = 10

/** The reply that writes to the socket. Faults use its lower-level methods. */
export class SocketReply implements Reply {
  readonly #response: ServerResponse
  readonly #record: OpenRecord
  readonly #abort = new AbortController()
  readonly #isServerClosing: () => boolean
  /** Splits everything that is written from now on into pieces of so many bytes. */
  bytesPerWrite: number | undefined

  constructor(response: ServerResponse, record: OpenRecord, isServerClosing: () => boolean) {
    this.#response = response
    this.#record = record
    this.#isServerClosing = isServerClosing
    // The date is written with the other headers, in lower case, as uvicorn does.
    response.sendDate = false
    response.once('close', () => this.#closed())
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get started(): boolean {
    return this.#response.headersSent
  }

  async send(status: number, headers: HeaderList, body: string | Buffer): Promise<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    this.#writeHead(status, [...headers, ['content-length', String(bytes.length)]])
    if (this.bytesPerWrite !== undefined) {
      await this.writeBytes(bytes)
      return this.end()
    }
    this.#record.bytesWritten += bytes.length
    this.#response.end(bytes)
    this.#finish()
  }

  async start(status: number, headers: HeaderList): Promise<void> {
    this.#writeHead(status, [...headers, ['transfer-encoding', 'chunked']])
    this.#response.flushHeaders()
  }

  async write(event: string): Promise<void> {
    this.#record.eventsWritten += event.startsWith('data:') ? 1 : 0
    await this.writeBytes(event)
  }

  async end(): Promise<void> {
    this.#response.end()
    this.#finish()
  }

  /** Sends status and headers as given, adding nothing but chunked coding where a body may follow without a length. */
  startExactly(status: number, headers: HeaderList): void {
    const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
    const bodiless = status === 204 || status === 304
    this.#writeHead(status, framed || bodiless ? headers : [...headers, ['transfer-encoding', 'chunked']])
    this.#response.flushHeaders()
  }

  /** Writes body bytes and waits while the socket is full. Throws the abort reason once the client is gone. */
  async writeBytes(data: string | Buffer): Promise<void> {
    if (this.bytesPerWrite === undefined) return this.#writeOnce(data)
    const bytes = Buffer.from(data)
    for (let start = 0; start < bytes.length; start += this.bytesPerWrite) {
      await this.#writeOnce(bytes.subarray(start, start + this.bytesPerWrite))
      await nextTurn()
    }
  }

  /** Writes bytes to the socket itself, outside HTTP. */
  writeOutsideHttp(data: Buffer): void {
    this.signal.throwIfAborted()
    this.#record.bytesWritten += data.length
    this.#response.socket?.write(data)
  }

  /** Closes the connection without ending the response: with FIN after what was written, or with RST. */
  async breakOff(how: Breakage): Promise<void> {
    const { socket } = this.#response
    if (socket === null || this.signal.aborted) return
    await new Promise<void>((resolve) => socket.write('', () => resolve()))
    if (how === 'reset') await delay(resetDelayMs)
    this.stop()
    if (how === 'reset') socket.resetAndDestroy()
    else socket.end(() => socket.destroy())
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

  async #writeOnce(data: string | Buffer): Promise<void> {
    this.signal.throwIfAborted()
    this.#record.bytesWritten += Buffer.byteLength(data)
    if (!this.#response.write(data)) await this.#drained()
  }

  #writeHead(status: number, headers: HeaderList): void {
    this.signal.throwIfAborted()
    this.#record.status = status
    if (this.#response.shouldKeepAlive) this.#response.removeHeader('connection')
    else headers = [...headers, ['connection', 'close']]
    this.#response.writeHead(status, headers.flat())
  }

  #drained(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#response.off('drain', settle)
        this.signal.removeEventListener('abort', settle)
        if (this.signal.aborted) reject(this.signal.reason)
        else resolve()
      }
      this.#response.once('drain', settle)
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
