import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { vllmAdapter } from '../vllm/vllm-adapter.js'

/** What a stream came to: its events, and the error it ended with. */
export interface StreamOutcome {
  readonly events: readonly AdapterEvent[]
  readonly text: string
  readonly error: DuoModelError | undefined
}

/** The request most tests send. */
export const helloRequest: AdapterRequest = { kind: 'chat', messages: [{ role: 'user', content: 'Hi' }] }

/** A call nobody aborts. */
export function openCall(signal: AbortSignal = new AbortController().signal): AdapterCall {
  return { signal, requestId: 'request-1' }
}

/** Connects the vLLM adapter to a test server. */
export async function connectTo(
  origin: string,
  settings: { readonly apiKey?: string } = {},
): Promise<AdapterConnection> {
  const target = {
    deployment: 'code',
    model: 'mistral-small',
    servedModelName: 'served',
    endpoint: `${origin}/v1`,
    settings: {},
  }
  return vllmAdapter.connect({ ...target, ...settings }, { connectTimeoutMs: 2_000, maxConnections: 8 })
}

/** Reads a stream to its end. An error that is none of ours is thrown on. */
export async function runStream(
  connection: AdapterConnection,
  call = openCall(),
  request = helloRequest,
): Promise<StreamOutcome> {
  const events: AdapterEvent[] = []
  const outcome = (error?: DuoModelError): StreamOutcome => ({ events, text: textOf(events), error })
  try {
    for await (const batch of connection.stream(request, call)) events.push(...batch)
    return outcome()
  } catch (error) {
    if (DuoModelError.is(error)) return outcome(error)
    throw error
  }
}

/** The text of all text deltas. */
function textOf(events: readonly AdapterEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
}

/** The error a promise fails with; it must be one of ours. */
export async function errorOf(promise: Promise<unknown>): Promise<DuoModelError> {
  try {
    await promise
  } catch (error) {
    if (DuoModelError.is(error)) return error
    throw error
  }
  throw new Error('The call succeeded.')
}
