import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Breakage, HeaderList, ResponseWriter } from './response-writer.js'

/** Headers that belong to an HTTP/1.1 connection; HTTP/2 forbids them. */
const connectionHeaders: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])

/** Writes a response to one stream of an HTTP/2 session. */
export class Http2Writer implements ResponseWriter {
  readonly #stream: ServerHttp2Stream
  /** The session's connection: HTTP/2 itself offers no way to break it. */
  readonly #socket: Socket

  constructor(stream: ServerHttp2Stream, socket: Socket) {
    this.#stream = stream
    this.#socket = socket
    // A stream that is reset by its client must never bring the emulator down.
    stream.on('error', () => stream.destroy())
  }

  get headersSent(): boolean {
    return this.#stream.headersSent
  }

  writeHead(status: number, headers: HeaderList): void {
    this.#stream.respond({ ...headerObject(headers), [constants.HTTP2_HEADER_STATUS]: status })
  }

  flushHead(): void {}

  write(data: string | Uint8Array): boolean {
    return this.#stream.write(data)
  }

  onceDrained(callback: () => void): () => void {
    this.#stream.once('drain', callback)
    return () => this.#stream.off('drain', callback)
  }

  end(data?: Uint8Array): void {
    this.#stream.end(data)
  }

  onceClosed(callback: () => void): void {
    this.#stream.once('close', callback)
  }

  async flush(): Promise<void> {
    // Without a head, even an empty write would send one.
    if (this.headersSent && this.#stream.writable)
      await new Promise<void>((resolve) => this.#stream.write('', () => resolve()))
    // Frames reach the connection at the end of the turn in which they were made.
    await nextTurn()
    await new Promise<void>((resolve) => this.#socket.write('', () => resolve()))
  }

  writeOutsideHttp(data: Uint8Array): void {
    this.#socket.write(data)
  }

  breakConnection(how: Breakage): void {
    if (how === 'reset') this.#socket.resetAndDestroy()
    else this.#socket.end(() => this.#socket.destroy())
  }

  destroy(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }
}

/** Header names in lower case; names that occur more than once get a list. */
function headerObject(headers: HeaderList): OutgoingHttpHeaders {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const key = name.toLowerCase()
    if (!connectionHeaders.has(key)) values.set(key, [...(values.get(key) ?? []), value])
  }
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list]))
}
