import type { BatchIterator } from '../batch-iterator.js'
import type { AdapterEvent } from '../stream-event.js'

type Batch = readonly AdapterEvent[]

/** Reads a stream as the client does: batches are handed over by a call, where the adapter can do that. */
export async function* handedOver(stream: AsyncIterable<Batch>): AsyncGenerator<Batch, void, undefined> {
  const iterator: BatchIterator = stream[Symbol.asyncIterator]()
  try {
    for (;;) {
      const batch = await nextBatch(iterator)
      if (batch === undefined) return
      yield batch
    }
  } finally {
    await iterator.return?.()
  }
}

function nextBatch(iterator: BatchIterator): Promise<Batch | undefined> {
  const { handOver } = iterator
  if (handOver === undefined) return iterator.next().then((item) => (item.done === true ? undefined : item.value))
  return new Promise((resolve, reject) => {
    handOver.call(iterator, { take: resolve, end: () => resolve(undefined), fail: reject })
  })
}
