import type { AdapterResponse } from '../adapter-response.js'
import type { AdapterEvent } from '../stream-event.js'

/** A whole answer as the events of a stream: for a proxy that answers a streamed request in one piece. */
export function responseEvents(response: AdapterResponse): AdapterEvent[] {
  const { id, model, text, reasoning, toolCalls, finishReason, usage, contentFilters = [] } = response
  const events: AdapterEvent[] = [{ type: 'response-start', id, model }, ...contentFilters]
  if (reasoning !== undefined) events.push({ type: 'reasoning-delta', text: reasoning })
  if (text !== '') events.push({ type: 'text-delta', text })
  toolCalls.forEach((call, index) => {
    events.push({ type: 'tool-call-start', index, id: call.id, name: call.name })
    if (call.arguments !== '') events.push({ type: 'tool-call-delta', index, argumentsText: call.arguments })
    events.push({ type: 'tool-call-end', index, ...call })
  })
  events.push({ type: 'response-end', finishReason, usage })
  return events
}
