import { Buffer } from 'node:buffer'

interface ConverseEvent {
  readonly delta?: { readonly text?: string }
}

/**
 * The least that reads a ConverseStream: lengths and `JSON.parse`. No checksum, no header, no typed error, no check that
 * the answer is complete.
 */
export class BareConverseReader {
  characters = 0
  reads = 0
  #rest = Buffer.alloc(0)

  /** Takes the bytes of one read. */
  add(bytes: Buffer): void {
    this.reads += 1
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    let at = 0
    while (all.length - at >= 12) {
      const length = all.readUInt32BE(at)
      if (all.length - at < length) break
      const payloadStart = at + 12 + all.readUInt32BE(at + 4)
      const event = JSON.parse(all.toString('utf8', payloadStart, at + length - 4)) as ConverseEvent
      this.characters += event.delta?.text?.length ?? 0
      at += length
    }
    this.#rest = Buffer.from(all.subarray(at))
  }
}
