import type { AdapterResponse } from '../adapter-response.js'
import { createStopCleaner } from '../fill-in-the-middle/stop-cleaner.js'
import type { AdapterEvent } from '../stream-event.js'

type Batch = readonly AdapterEvent[]

/**
 * Ends the text of a stream at the first stop sequence, for a server that does not take them. What comes after it is
 * read on, because the usage is at its end.
 */
export class StoppedBatches implements AsyncIterableIterator<Batch, undefined, undefined> {
  readonly #source: AsyncIterator<Batch, undefined, undefined>
  readonly #cleaner: ReturnType<typeof createStopCleaner>

  constructor(source: AsyncIterable<Batch, undefined, undefined>, stopSequences: readonly string[]) {
    this.#source = source[Symbol.asyncIterator]()
    this.#cleaner = createStopCleaner(stopSequences)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Batch, undefined>> {
    for (;;) {
      const result = await this.#source.next()
      if (result.done) return result
      const batch = result.value.flatMap((event) => this.#cut(event))
      if (batch.length > 0) return { done: false, value: batch }
    }
  }

  async return(): Promise<IteratorResult<Batch, undefined>> {
    await this.#source.return?.()
    return { done: true, value: undefined }
  }

  #cut(event: AdapterEvent): Batch {
    if (event.type === 'text-delta') return textEvents(this.#cleaner.push(event.text))
    if (event.type === 'response-end') return [...textEvents(this.#cleaner.flush()), event]
    return [event]
  }
}

/** The same for a whole answer. */
export function stopResponse(response: AdapterResponse, stopSequences: readonly string[]): AdapterResponse {
  const cleaner = createStopCleaner(stopSequences)
  return { ...response, text: cleaner.push(response.text) + cleaner.flush() }
}

function textEvents(text: string): Batch {
  return text === '' ? [] : [{ type: 'text-delta', text }]
}
