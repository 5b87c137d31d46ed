import type { ContentFilterEvent } from '../stream-event.js'
import type { JsonObject } from './json.js'

/** Finds what a platform's content filter says in a chunk of a stream or in a whole answer; mostly nothing. */
export type ReadContentFilters = (answer: JsonObject) => readonly ContentFilterEvent[]
