import { connect, constants, type IncomingHttpHeaders } from 'node:http2'

/** What came back over HTTP/2. */
export interface Http2Response {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Whether the stream was closed without an error code. */
  readonly complete: boolean
  /** The code of an error of the stream or its session. */
  readonly errorCode: string | undefined
}

/** A request as a test writes it. */
export interface Http2Request {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Called after each read; may reset the stream. */
  readonly onRead?: (body: Buffer, abort: () => void) => void
}

/** Sends one POST over a connection of its own that speaks HTTP/2 from the first byte. */
export function http2Request(url: string, { headers = {}, body, onRead }: Http2Request): Promise<Http2Response> {
  const { origin, pathname, search } = new URL(url)
  return new Promise((resolve) => {
    const session = connect(origin)
    const chunks: Buffer[] = []
    let answer: IncomingHttpHeaders = {}
    let errorCode: string | undefined
    const noteError = (error: NodeJS.ErrnoException) => {
      errorCode ??= error.code
    }
    const stream = session.request({ ':method': 'POST', ':path': pathname + search, ...headers })
    session.on('error', noteError)
    stream.on('error', noteError)
    stream.on('response', (received) => {
      answer = received
    })
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      onRead?.(Buffer.concat(chunks), () => stream.close(constants.NGHTTP2_CANCEL))
    })
    stream.on('close', () => {
      session.destroy()
      const complete = stream.rstCode === constants.NGHTTP2_NO_ERROR
      resolve({
        status: Number(answer[':status'] ?? 0),
        headers: answer,
        body: Buffer.concat(chunks),
        complete,
        errorCode,
      })
    })
    stream.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  })
}
