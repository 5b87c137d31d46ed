import { Agent, request } from 'node:http'

/** What came back, byte for byte. */
export interface RawResponse {
  readonly status: number
  /** Names and values in the order received, spelled as received. */
  readonly rawHeaders: readonly string[]
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Data as it arrived, one entry per read. */
  readonly reads: readonly string[]
  readonly text: string
  /** Whether the body ended as HTTP says it must. */
  readonly complete: boolean
  /** The error code of a connection that broke. */
  readonly errorCode: string | undefined
}

/** A request as a test writes it. */
export interface RawRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly agent?: Agent
  /** Called after each read; may destroy the request. */
  readonly onRead?: (text: string, abort: () => void) => void
}

/** Sends a request and collects what comes back, broken or not. Rejects if the connection breaks before the headers. */
export function rawRequest(url: string, options: RawRequest = {}): Promise<RawResponse> {
  const { body, method = body === undefined ? 'GET' : 'POST', headers = {}, agent = new Agent(), onRead } = options
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const type = text === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    let errorCode: string | undefined
    let answered = false
    const outgoing = request(url, { method, headers: { ...type, ...headers }, agent }, (response) => {
      const reads: string[] = []
      answered = true
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        reads.push(chunk)
        onRead?.(reads.join(''), () => outgoing.destroy())
      })
      response.on('error', (error: NodeJS.ErrnoException) => {
        errorCode = error.code
      })
      response.on('close', () =>
        resolve({
          status: response.statusCode ?? 0,
          rawHeaders: response.rawHeaders,
          headers: response.headers,
          reads,
          text: reads.join(''),
          complete: response.complete,
          errorCode,
        }),
      )
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      errorCode = error.code
      if (!answered) reject(error)
    })
    outgoing.end(text)
  })
}

/** The JSON of every `data:` event but `[DONE]`. */
export function eventsOf(text: string): readonly Record<string, unknown>[] {
  const events = text.split('\n\n').filter((event) => event.startsWith('data: ') && event !== 'data: [DONE]')
  return events.map((event) => JSON.parse(event.slice('data: '.length)) as Record<string, unknown>)
}

/** Resolves as soon as the condition holds; the test's own time limit ends a wait that never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}
