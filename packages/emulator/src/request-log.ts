import type { ReceivedRequest } from './http/received-request.js'
import type { OpenRecord, RecordedRequest } from './recorded-request.js'

/** How many requests the log keeps. */
const maxRecordedRequests = 10_000
/** How many characters of request bodies the log keeps in total. */
const maxRecordedBodyLength = 128 * 1024 * 1024

/** The requests an emulator received, oldest first. Bounded in number and in size: the oldest records go first. */
export class RequestLog {
  readonly entries: RecordedRequest[] = []
  #nextIndex = 0
  #bodyLength = 0

  /** Adds a record for a request whose headers have arrived. */
  add({ method, path, httpVersion, headers }: ReceivedRequest): OpenRecord {
    const record: OpenRecord = {
      index: this.#nextIndex++,
      method,
      path,
      httpVersion,
      headers,
      body: '',
      json: undefined,
      startedAt: Date.now(),
      status: undefined,
      finished: false,
      closedByClient: false,
      endedAt: undefined,
      bytesWritten: 0,
      eventsWritten: 0,
      fault: undefined,
    }
    this.entries.push(record)
    if (this.entries.length > maxRecordedRequests) this.#dropOldest()
    return record
  }

  /** Stores the body on a record, unless the record has been dropped meanwhile. */
  setBody(record: OpenRecord, body: string): void {
    record.body = body
    const oldest = this.entries[0]
    if (oldest === undefined || record.index < oldest.index) return
    this.#bodyLength += body.length
    while (this.#bodyLength > maxRecordedBodyLength && this.entries.length > 1) this.#dropOldest()
  }

  #dropOldest(): void {
    this.#bodyLength -= this.entries.shift()?.body.length ?? 0
  }
}
