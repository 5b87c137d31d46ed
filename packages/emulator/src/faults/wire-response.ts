import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SocketReply } from '../http/reply.js'
import type { HeaderList } from '../http/response-writer.js'

/** Bytes of one write: text, hexadecimal digits, or text repeated. */
export type WireChunk =
  | { readonly utf8: string }
  | { readonly hex: string }
  | { readonly repeat_utf8: string; readonly count: number }

/** A response byte for byte. Chunked transfer coding is used unless a header gives `content-length`. */
export interface WireResponse {
  readonly status: number
  /** Sent as given; `{{http_date:+2s}}` in a value becomes that HTTP date from now. Default: none. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined
  /** Each is one write. Default: none. */
  readonly chunks?: readonly WireChunk[] | undefined
  /** Joins all chunks and writes so many bytes at a time instead. */
  readonly rechunk_bytes?: number | undefined
  /** `end` (default) finishes the body, `destroy` resets the connection, `hang` leaves it open and silent. */
  readonly end?: 'end' | 'destroy' | 'hang' | undefined
}

/** The bytes of a chunk. */
export function chunkBytes(chunk: WireChunk): Buffer {
  if ('utf8' in chunk) return Buffer.from(chunk.utf8)
  if ('hex' in chunk) return Buffer.from(chunk.hex, 'hex')
  return Buffer.alloc(Buffer.byteLength(chunk.repeat_utf8) * chunk.count, chunk.repeat_utf8)
}

/** Sends a response byte for byte. */
export async function sendWireResponse(reply: SocketReply, response: WireResponse): Promise<void> {
  reply.startExactly(response.status, fillDates(response.headers ?? []))
  reply.bytesPerWrite = response.rechunk_bytes
  const buffers = (response.chunks ?? []).map(chunkBytes)
  for (const bytes of response.rechunk_bytes === undefined ? buffers : [Buffer.concat(buffers)]) {
    await reply.writeBytes(bytes)
    await nextTurn()
  }
  if (response.end === 'hang') await reply.hang()
  else if (response.end === 'destroy') await reply.breakOff('reset')
  else await reply.end()
}

function fillDates(headers: HeaderList): HeaderList {
  const date = (seconds: string) => new Date(Date.now() + Number(seconds) * 1000).toUTCString()
  return headers.map(([name, value]) => [
    name,
    value.replace(/\{\{http_date:([+-]\d+)s\}\}/g, (_, seconds) => date(seconds)),
  ])
}
