import type { DuoModelError } from '@duo-models/adapters'
import type { ModelResponse } from './model-response.js'
import type { StreamEvents, StreamReceiver } from './model-stream.js'
import type { CollectedResponse } from './response-collector.js'
import type { StreamSource } from './stream-source.js'

/** The events of a stream whose request is under way: its own, or one that is shared with others. */
export interface StartedStream extends Omit<StreamEvents, 'describe'> {
  readonly sent: StreamSource['sent']
}

/** The events of a stream whose request is sent when the first read is asked for. */
export class PendingStream implements StreamEvents {
  readonly #start: () => StartedStream
  readonly #describe: (collected: CollectedResponse, sent: StartedStream['sent']) => ModelResponse
  #source: StartedStream | undefined

  /**
   * @param start sends the request; it may throw
   * @param describe adds what the events do not tell
   */
  constructor(
    start: () => StartedStream,
    describe: (collected: CollectedResponse, sent: StartedStream['sent']) => ModelResponse,
  ) {
    this.#start = start
    this.#describe = describe
  }

  // A class, because V8 makes new hidden classes for every object literal with a getter, and they keep all that the
  // getter sees alive until a full garbage collection.
  get contentEvents(): number {
    return this.#source?.contentEvents ?? 0
  }

  next(receiver: StreamReceiver): void {
    this.#source ??= this.#start()
    this.#source.next(receiver)
  }

  stop(failure: DuoModelError): void {
    this.#source?.stop(failure)
  }

  describe(collected: CollectedResponse): ModelResponse {
    return this.#describe(collected, this.#source?.sent)
  }
}
