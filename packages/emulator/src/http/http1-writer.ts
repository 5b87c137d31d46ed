import type { ServerResponse } from 'node:http'
import type { Breakage, HeaderList, ResponseWriter } from './response-writer.js'

/** Writes a response to an HTTP/1.1 connection. */
export class Http1Writer implements ResponseWriter {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
    // Dialects write the date themselves, where their server puts it.
    response.sendDate = false
  }

  get headersSent(): boolean {
    return this.#response.headersSent
  }

  writeHead(status: number, headers: HeaderList): void {
    if (this.#response.shouldKeepAlive) this.#response.removeHeader('connection')
    else headers = [...headers, ['connection', 'close']]
    this.#response.writeHead(status, headers.flat())
  }

  flushHead(): void {
    this.#response.flushHeaders()
  }

  write(data: string | Uint8Array): boolean {
    return this.#response.write(data)
  }

  onceDrained(callback: () => void): () => void {
    this.#response.once('drain', callback)
    return () => this.#response.off('drain', callback)
  }

  end(data?: Uint8Array): void {
    this.#response.end(data)
  }

  onceClosed(callback: () => void): void {
    this.#response.once('close', callback)
  }

  async flush(): Promise<void> {
    const { socket } = this.#response
    if (socket !== null) await new Promise<void>((resolve) => socket.write('', () => resolve()))
  }

  writeOutsideHttp(data: Uint8Array): void {
    this.#response.socket?.write(data)
  }

  breakConnection(how: Breakage): void {
    const { socket } = this.#response
    if (how === 'reset') socket?.resetAndDestroy()
    else socket?.end(() => socket.destroy())
  }

  destroy(): void {
    this.#response.destroy()
  }
}
