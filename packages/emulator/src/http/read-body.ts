import type { IncomingMessage } from 'node:http'

/** The largest request body an emulator reads, in bytes. */
const maxBodyBytes = 64 * 1024 * 1024

/** Reads a whole request body. Returns `undefined` when it is larger than {@link maxBodyBytes}; rejects if the client leaves. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}
