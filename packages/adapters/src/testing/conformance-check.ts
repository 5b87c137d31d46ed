import { getEventListeners } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { AdapterRequest } from '../adapter-request.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import type { AdapterEvent } from '../stream-event.js'
import { ConformanceFailure } from './conformance-case.js'
import { handedOver } from './handed-over.js'

/** What a request came to. */
export interface Outcome {
  readonly events: readonly AdapterEvent[]
  readonly text: string
  readonly error: DuoModelError | undefined
}

/** The request cases send: the answer does not depend on it. */
export const plainRequest: AdapterRequest = { kind: 'chat', messages: [{ role: 'user', content: 'Hi' }] }

/** A call with its own signal. */
export function createCall(): AdapterCall & { readonly controller: AbortController } {
  const controller = new AbortController()
  return { controller, signal: controller.signal, requestId: 'conformance-1' }
}

/** Sends a streamed request and reads to the end. `onBatch` sees every batch as it comes. */
export async function readStream(
  connection: AdapterConnection,
  call: AdapterCall,
  onBatch?: (batch: readonly AdapterEvent[]) => void,
): Promise<Outcome> {
  return readBatches(() => connection.stream(plainRequest, call), onBatch)
}

/** The same, with the batches handed over as the client asks for it. */
export async function readHandedOver(
  connection: AdapterConnection,
  call: AdapterCall,
  onBatch?: (batch: readonly AdapterEvent[]) => void,
): Promise<Outcome> {
  return readBatches(() => handedOver(connection.stream(plainRequest, call)), onBatch)
}

/** Reads a stream to its end. `onBatch` sees every batch as it comes. */
export async function readBatches(
  open: () => AsyncIterable<readonly AdapterEvent[]>,
  onBatch?: (batch: readonly AdapterEvent[]) => void,
): Promise<Outcome> {
  const events: AdapterEvent[] = []
  const error = await typedErrorOf(async () => {
    for await (const batch of open()) {
      events.push(...batch)
      onBatch?.(batch)
    }
  })
  return { events, text: textOf(events), error }
}

/** Sends a request for a whole answer, and shows it as the events it stands for. */
export async function readWhole(connection: AdapterConnection, call: AdapterCall): Promise<Outcome> {
  const events: AdapterEvent[] = []
  const error = await typedErrorOf(async () => {
    const { id, model, text, toolCalls, finishReason, usage } = await connection.generate(plainRequest, call)
    events.push({ type: 'response-start', id, model })
    if (text !== '') events.push({ type: 'text-delta', text })
    toolCalls.forEach((toolCall, index) => {
      events.push({ type: 'tool-call-end', index, ...toolCall })
    })
    events.push({ type: 'response-end', finishReason, usage })
  })
  return { events, text: textOf(events), error }
}

/** The typed error `action` fails with; `undefined` where it succeeds. */
export async function typedErrorOf(action: () => Promise<unknown>): Promise<DuoModelError | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    if (DuoModelError.is(error)) return error
    throw new ConformanceFailure(`An error that is no DuoModelError was thrown: ${String(error)}`, { cause: error })
  }
}

/** Fails unless the two are equal in value. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return
  throw new ConformanceFailure(`${what}: expected ${show(expected)}, got ${show(actual)}.`)
}

/** Fails unless `condition` holds. */
export function expectThat(condition: boolean, problem: string): asserts condition {
  if (!condition) throw new ConformanceFailure(problem)
}

/** The time something asynchronous may take before it counts as not happening; well above what any of it needs. */
const patienceMs = 5_000

/** Waits until `condition` holds. */
export async function expectSoon(condition: () => boolean, problem: string): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!condition()) {
    if (performance.now() > deadline) throw new ConformanceFailure(`${problem} (waited ${patienceMs} ms)`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** A signal outlives its requests: what listens to it after one of them is a leak. */
export function expectNoListener({ signal }: AdapterCall): void {
  expectEqual('Listeners left on the signal', getEventListeners(signal, 'abort').length, 0)
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 300)
}

function textOf(events: readonly AdapterEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
}
