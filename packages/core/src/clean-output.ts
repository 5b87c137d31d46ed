import type { AdapterEvent, AdapterResponse, OutputCleaner } from '@duo-models/adapters'

/** Passes the text of one batch of events through a cleaner that holds back what may still turn out to be an echo. */
export function cleanEvents(events: readonly AdapterEvent[], cleaner: OutputCleaner): readonly AdapterEvent[] {
  return events.flatMap((event) => cleanEvent(event, cleaner))
}

/** Passes the text of a whole answer through a cleaner. */
export function cleanResponse(response: AdapterResponse, cleaner: OutputCleaner): AdapterResponse {
  return { ...response, text: cleaner.push(response.text) + cleaner.flush() }
}

function cleanEvent(event: AdapterEvent, cleaner: OutputCleaner): readonly AdapterEvent[] {
  switch (event.type) {
    case 'text-delta':
      return textDelta(cleaner.push(event.text))
    case 'response-end':
      return [...textDelta(cleaner.flush()), event]
    default:
      return [event]
  }
}

function textDelta(text: string): readonly AdapterEvent[] {
  return text === '' ? [] : [{ type: 'text-delta', text }]
}
