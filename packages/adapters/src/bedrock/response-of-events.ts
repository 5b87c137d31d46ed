import type { AdapterResponse } from '../adapter-response.js'
import type { AdapterEvent } from '../stream-event.js'

/** Puts the events of a complete answer together. */
export function responseOfEvents(events: readonly AdapterEvent[]): AdapterResponse {
  const start = events.find((event) => event.type === 'response-start')
  const end = events.find((event) => event.type === 'response-end')
  const reasoning = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('')
  const contentFilters = events.filter((event) => event.type === 'content-filter')
  return {
    id: start?.id ?? '',
    model: start?.model ?? '',
    text: events.map((event) => (event.type === 'text-delta' ? event.text : '')).join(''),
    ...(reasoning !== '' && { reasoning }),
    toolCalls: events.flatMap((event) =>
      event.type === 'tool-call-end' ? [{ id: event.id, name: event.name, arguments: event.arguments }] : [],
    ),
    finishReason: end?.finishReason ?? { unified: 'other', raw: '' },
    usage: end?.usage ?? {},
    ...(contentFilters.length > 0 && { contentFilters }),
  }
}
