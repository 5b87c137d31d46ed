import { Buffer } from 'node:buffer'

/** Gathers a body up to a limit; what is beyond it is dropped. */
export class BodyCollector {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #length = 0
  #isCut = false

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds bytes. Returns `false` once the limit is reached. */
  add(chunk: Buffer): boolean {
    const room = this.#maxBytes - this.#length
    this.#isCut ||= chunk.length > room
    const kept = chunk.length > room ? chunk.subarray(0, room) : chunk
    this.#length += kept.length
    if (kept.length > 0) this.#chunks.push(kept)
    return !this.#isCut
  }

  /** Whether bytes were dropped. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** The body as text, without a byte order mark; malformed UTF-8 becomes U+FFFD. */
  toString(): string {
    const [first] = this.#chunks
    const bytes = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    const text = bytes.toString('utf8')
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
}
