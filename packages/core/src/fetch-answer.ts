import { type AdapterResponse, DuoModelError, type Timing } from '@duo-models/adapters'
import type { Call } from './call.js'
import { cleanResponse } from './clean-output.js'
import { collectAnswer } from './collect-answer.js'
import type { ModelRequest } from './model-request.js'
import type { PreparedRequest } from './prepare-request.js'
import type { WantedAnswer } from './scheduling/concurrency-limit.js'
import type { Attempt } from './send-request.js'

/** A whole answer as the caller sees it, and its times where it was fetched as a stream. */
export interface FetchedAnswer {
  readonly response: AdapterResponse
  readonly timing: Timing | undefined
}

/**
 * How a whole answer may be fetched: only whole where servers of some versions make something else of a stream (tools,
 * structured output), or where nobody knows what was asked for.
 */
export function wantedAnswer(request: ModelRequest): WantedAnswer {
  if (request.platformOptions !== undefined) return 'whole'
  if (!('messages' in request)) return 'either'
  return request.tools === undefined && request.responseFormat === undefined ? 'either' : 'whole'
}

/** Fetches a whole answer in the way its permit says; whole after all where something in between has no streams. */
export async function fetchAnswer(attempt: Attempt, call: Call): Promise<FetchedAnswer> {
  const { connection, prepared, permit } = attempt
  if (permit.kind === 'stream')
    try {
      const { response, timing } = await collectAnswer(attempt, call)
      return { response: clean(response, prepared), timing }
    } catch (error) {
      if (call.failure !== undefined || !mayHaveNoStreams(error)) throw error
      permit.replica.answersOnlyWhole = true
    }
  const response = await call.wait(connection.generate(prepared.request, attempt.call))
  return { response: clean(response, prepared), timing: undefined }
}

/**
 * Whether a gateway may be in the way that knows no streams: what came is no stream, or it refuses to make one. A broken
 * connection, which has a cause, tells nothing of the kind.
 */
function mayHaveNoStreams(error: unknown): boolean {
  if (!DuoModelError.is(error) || (error.partial?.text ?? '') !== '') return false
  if (error.code === 'protocol' || error.code === 'stream-interrupted') return error.cause === undefined
  return error.status !== undefined && error.status >= 400 && error.status < 500 && /stream/i.test(error.message)
}

function clean(response: AdapterResponse, { createCleaner }: PreparedRequest): AdapterResponse {
  const cleaner = createCleaner?.()
  return cleaner === undefined ? response : cleanResponse(response, cleaner)
}
