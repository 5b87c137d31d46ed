import { StreamInterruptedError } from '@duo-models/adapters'

/** A stream of an adapter that is over without its last event. */
export function unendedStreamError(): StreamInterruptedError {
  return new StreamInterruptedError({
    message: 'The stream ended without a last event, so the answer may be incomplete. Send the request again.',
  })
}
