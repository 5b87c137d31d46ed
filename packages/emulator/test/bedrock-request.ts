import { http2Request } from './http2-request.js'

/** What came back, over either version of HTTP. */
export interface BedrockResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Buffer
  readonly text: string
  /** The body as JSON, or `undefined`. */
  readonly json: unknown
  /** Whether the body ended as HTTP says it must. */
  readonly complete: boolean
  readonly errorCode: string | undefined
}

/** Posts JSON with a bearer token to the emulator and collects what comes back, broken or not. */
export async function bedrockRequest(
  url: string,
  body: unknown,
  {
    http2 = false,
    headers = {},
  }: { readonly http2?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<BedrockResponse> {
  const sent = { authorization: 'Bearer k', 'content-type': 'application/json', ...headers }
  const response = http2 ? await http2Request(url, { body, headers: sent }) : await http1Request(url, body, sent)
  const text = response.body.toString('utf8')
  return { ...response, text, json: parse(text) }
}

async function http1Request(url: string, body: unknown, headers: Readonly<Record<string, string>>) {
  const chunks: Buffer[] = []
  let errorCode: string | undefined
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  try {
    for await (const chunk of response.body ?? []) chunks.push(Buffer.from(chunk as Uint8Array))
  } catch (error) {
    const { code } = (error as { cause?: { code?: string } }).cause ?? {}
    errorCode = code ?? String(error)
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.concat(chunks),
    complete: errorCode === undefined,
    errorCode,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
