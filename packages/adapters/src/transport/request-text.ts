import type { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors/protocol-error.js'
import { BodyCollector } from './body-collector.js'
import { type BodyReader, Call, type CallOptions } from './call.js'
import { requestErrorFields } from './request-context.js'

/** What a request for a text is made of. */
export interface TextRequestOptions extends CallOptions {
  /** Longest text that is accepted, in bytes. */
  readonly maxBytes: number
}

/**
 * Sends a request and waits for the whole body of a good answer, whatever its type.
 * @throws DuoModelError of the class that fits, and `protocol` for a body that is too long.
 */
export function requestText(options: TextRequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = new Call(options, {
      onFailure: reject,
      openBody: () =>
        new TextBody(options, (text) => {
          call.finish()
          resolve(text)
        }),
    })
    call.start()
  })
}

class TextBody implements BodyReader {
  readonly partial = undefined
  readonly hasContent = false
  readonly #options: TextRequestOptions
  readonly #collector: BodyCollector
  readonly #onText: (text: string) => void

  constructor(options: TextRequestOptions, onText: (text: string) => void) {
    this.#options = options
    this.#collector = new BodyCollector(options.maxBytes)
    this.#onText = onText
  }

  add(chunk: Buffer): void {
    if (this.#collector.add(chunk)) return
    const { context, maxBytes } = this.#options
    throw new ProtocolError(requestErrorFields(context, `answered with more than ${maxBytes} bytes.`))
  }

  end(): void {
    this.#onText(this.#collector.toString())
  }

  tryToComplete(): boolean {
    return false
  }
}
