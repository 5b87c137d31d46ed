import type { StreamEvent } from '@duo-models/adapters'

/** What a read, and each of its events, is counted as besides the text: about the memory of the objects, as measured. */
const charactersPerObject = 64

/** One read of a shared stream, kept once for all its readers; still empty where it has not come yet. */
export class KeptRead {
  /** Frozen, because several callers get the same ones; `undefined` until they are here. */
  events: readonly StreamEvent[] | undefined
  /** Pieces of content that came from the server with it. */
  contentEvents = 0
  /** What keeping it costs: its text, and 64 for each event and for the read itself. */
  characters = 0
  /** How many readers are to take it next. */
  readers = 0
  /** The read after it; `undefined` until this one is here. */
  next: KeptRead | undefined

  /** Puts in what came, and the place for what comes after it. */
  fill(events: readonly StreamEvent[], contentEvents: number): KeptRead {
    this.characters = charactersPerObject
    for (const event of events) this.characters += charactersPerObject + textLength(Object.freeze(event))
    this.events = [...events]
    this.contentEvents = contentEvents
    this.next = new KeptRead()
    return this.next
  }
}

function textLength(event: StreamEvent): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text.length
    case 'tool-call-delta':
      return event.argumentsText.length
    case 'tool-call-end':
      return event.arguments.length
    default:
      return 0
  }
}
