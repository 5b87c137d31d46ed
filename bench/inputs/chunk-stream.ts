import { Buffer } from 'node:buffer'
import { httpChunk } from './http-chunk.js'

/** How the events of a stream reach the client. */
export type Cut = 'one-event' | 'sixteen-events' | '16-kib'

/** Which stream is wanted. */
export interface ChunkStreamOptions {
  readonly tokens: readonly string[]
  readonly cut: Cut
  /** Usage on every chunk, as vLLM sends it when asked for `continuous_usage_stats`. */
  readonly usage: boolean
}

/** A streamed answer as vLLM sends it: how many events it has, and the bytes of each write. */
export interface ChunkStream {
  readonly events: number
  readonly writes: readonly Buffer[]
}

const frame =
  '"id":"chatcmpl-5f1c0f3b2a7d4e6c8b9a0d1e2f3a4b5c","object":"chat.completion.chunk","created":1763840000,"model":"mistral-small"'
const promptTokens = 25

/** The data of every event of an answer, `[DONE]` included. */
export function chunkData({ tokens, usage }: Omit<ChunkStreamOptions, 'cut'>): readonly string[] {
  const count = (outputTokens: number) =>
    `"usage":{"prompt_tokens":${promptTokens},"total_tokens":${promptTokens + outputTokens},"completion_tokens":${outputTokens}}`
  const chunk = (choice: string, outputTokens: number) =>
    `{${frame},"choices":[${choice}]${usage ? `,${count(outputTokens)}` : ''}}`
  const choice = (delta: string, finishReason: string) =>
    `{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finishReason}}`
  return [
    chunk(choice('{"role":"assistant","content":""}', 'null'), 0),
    ...tokens.map((token, index) => chunk(choice(`{"content":${JSON.stringify(token)}}`, 'null'), index + 1)),
    chunk(choice('{"content":""}', '"stop"'), tokens.length),
    `{${frame},"choices":[],${count(tokens.length)}}`,
    '[DONE]',
  ]
}

/** The same answer as chunks of HTTP's chunked coding, in writes of the size the cut asks for. */
export function chunkStream(options: ChunkStreamOptions): ChunkStream {
  const events = chunkData(options).map((data) => Buffer.from(`data: ${data}\n\n`))
  return { events: events.length, writes: cutEvents(events, options.cut) }
}

/** Events as chunks of HTTP's chunked coding, in writes of the size the cut asks for. */
export function cutEvents(events: readonly Buffer[], cut: Cut): Buffer[] {
  return cutters[cut](events)
}

const cutters: Readonly<Record<Cut, (events: readonly Buffer[]) => Buffer[]>> = {
  'one-event': (events) => events.map(httpChunk),
  // uvicorn makes a chunk of every event, also where the socket carries several at once.
  'sixteen-events': (events) => groups(events.map(httpChunk), 16).map((group) => Buffer.concat(group)),
  '16-kib': (events) => slices(Buffer.concat(events), 16 * 1024).map(httpChunk),
}

function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function slices(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}
