/** Header names and values in the order they are sent, spelled as they are sent. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** How a response ends when it does not end properly. */
export type Breakage = 'fin' | 'reset'

/** The connection's side of one response: one implementation per version of HTTP, both without opinions. */
export interface ResponseWriter {
  /** Whether status and headers have been sent. */
  readonly headersSent: boolean
  /** Sets status and headers, to be sent with the body's first bytes. Headers HTTP/2 has no place for are left out there. */
  writeHead(status: number, headers: HeaderList): void
  /** Sends status and headers at once. */
  flushHead(): void
  /** Writes body bytes. Returns `false` when the connection is full. */
  write(data: string | Uint8Array): boolean
  /** Calls back once, when the connection takes more; the function returned takes that back. */
  onceDrained(callback: () => void): () => void
  /** Ends the body properly. */
  end(data?: Uint8Array): void
  /** Calls back once, when the response or its connection is closed. */
  onceClosed(callback: () => void): void
  /** Resolves when everything written so far has been handed to the operating system. */
  flush(): Promise<void>
  /** Writes bytes to the connection itself, outside HTTP. */
  writeOutsideHttp(data: Uint8Array): void
  /** Closes the connection below HTTP: with FIN after what was written, or with RST. */
  breakConnection(how: Breakage): void
  /** Ends this response abruptly: the connection in HTTP/1.1, the stream in HTTP/2. */
  destroy(): void
}
