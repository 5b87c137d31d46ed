import type { Readable } from 'node:stream'

/** The largest request body an emulator reads, in bytes. */
const maxBodyBytes = 64 * 1024 * 1024

/** Reads a whole request body. Returns `undefined` when it is larger than {@link maxBodyBytes}; rejects if the client leaves. */
export async function readBody(body: Readable): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  // Destroying what is left of the body would destroy the connection, and with it the answer.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}
