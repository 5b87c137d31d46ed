import type {
  AdapterCall,
  AdapterConnection,
  AdapterEvent,
  AdapterResponse,
  BatchIterator,
  BatchReceiver,
  CompletionRequest,
} from '@duo-models/adapters'
import { StreamInterruptedError } from '@duo-models/adapters'

/** Reads the stream of a raw prompt to its end, as one answer. */
export function collectAnswer(
  stream: BatchIterator & Required<Pick<BatchIterator, 'handOver'>>,
): Promise<AdapterResponse> {
  return new Promise((resolve, reject) => stream.handOver(new AnswerCollector(stream, resolve, reject)))
}

/** The other way round: an answer that is asked for in one piece, as the stream of a raw prompt. */
export async function* wholeAnswer(
  connection: AdapterConnection,
  request: CompletionRequest,
  call: AdapterCall,
): AsyncGenerator<readonly AdapterEvent[], undefined, undefined> {
  const { id, model, text, finishReason, usage } = await connection.generate(request, call)
  yield [
    { type: 'response-start', id, model },
    { type: 'text-delta', text },
    { type: 'response-end', finishReason, usage },
  ]
  return undefined
}

/** Puts the text of a raw prompt's answer together: it has neither reasoning nor tool calls. */
class AnswerCollector implements BatchReceiver {
  readonly #stream: Required<Pick<BatchIterator, 'handOver'>>
  readonly #resolve: (answer: AdapterResponse) => void
  readonly fail: (error: unknown) => void
  #id = ''
  #model = ''
  readonly #texts: string[] = []

  constructor(
    stream: Required<Pick<BatchIterator, 'handOver'>>,
    resolve: (answer: AdapterResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#stream = stream
    this.#resolve = resolve
    this.fail = reject
  }

  take(batch: readonly AdapterEvent[]): void {
    for (const event of batch) this.#add(event)
    if (batch[batch.length - 1]?.type !== 'response-end') this.#stream.handOver(this)
  }

  end(): void {
    const message = 'The stream ended without a last event, so the answer may be incomplete. Send the request again.'
    this.fail(new StreamInterruptedError({ message }))
  }

  #add(event: AdapterEvent): void {
    if (event.type === 'text-delta') this.#texts.push(event.text)
    else if (event.type === 'response-start') {
      this.#id = event.id
      this.#model = event.model
    } else if (event.type === 'response-end') this.#complete(event)
  }

  #complete({ finishReason, usage }: Extract<AdapterEvent, { type: 'response-end' }>): void {
    const text = this.#texts.join('')
    this.#resolve({ id: this.#id, model: this.#model, text, toolCalls: [], finishReason, usage })
  }
}
