import type { ToolCall } from '../message.js'
import type { AdapterEvent } from '../stream-event.js'
import { asString, isJsonObject, type JsonObject } from './json.js'

/** More calls in one answer than this are an attack. */
const maxToolCalls = 1024
/** Argument text beyond this length is an attack. In characters, over all calls. */
const maxArgumentsLength = 16 * 1024 * 1024

interface OpenToolCall {
  id: string
  name: string
  arguments: string
  isStarted: boolean
}

/**
 * Joins tool-call deltas by their index. The first id wins, because vLLM 0.6.4 sends a new one with every delta; a call
 * is reported as started once its name is known.
 */
export class ToolCallCollector {
  readonly #calls: OpenToolCall[] = []
  #argumentsLength = 0

  /** Whether any call has begun. */
  get hasCalls(): boolean {
    return this.#calls.length > 0
  }

  /** The calls so far. */
  get calls(): readonly ToolCall[] {
    return this.#calls.map(({ id, name, arguments: text }) => ({ id, name, arguments: text }))
  }

  /** Takes the `tool_calls` of one delta. Returns `false` where they cannot be what the protocol allows. */
  add(deltas: unknown, events: AdapterEvent[]): boolean {
    if (!Array.isArray(deltas)) return deltas === undefined || deltas === null
    return deltas.every((delta, position) => isJsonObject(delta) && this.#addDelta(delta, position, events))
  }

  /** The answer is complete: ends every call. */
  end(events: AdapterEvent[]): void {
    this.#calls.forEach((call, index) => {
      if (!call.isStarted) this.#start(call, index, events)
      events.push({ type: 'tool-call-end', index, id: call.id, name: call.name, arguments: call.arguments })
    })
  }

  #addDelta(delta: JsonObject, position: number, events: AdapterEvent[]): boolean {
    const index = delta['index'] ?? position
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index > this.#calls.length) return false
    if (index >= maxToolCalls) return false
    const call = this.#open(index, asString(delta['id']))
    const tool = isJsonObject(delta['function']) ? delta['function'] : {}
    if (call.name === '') call.name = asString(tool['name']) ?? ''
    const text = asString(tool['arguments']) ?? ''
    this.#argumentsLength += text.length
    if (this.#argumentsLength > maxArgumentsLength) return false
    call.arguments += text
    this.#report(call, index, text, events)
    return true
  }

  #open(index: number, id: string | undefined): OpenToolCall {
    const known = this.#calls[index]
    if (known) return known
    const call = { id: id ?? `call_${index}`, name: '', arguments: '', isStarted: false }
    this.#calls.push(call)
    return call
  }

  #report(call: OpenToolCall, index: number, text: string, events: AdapterEvent[]): void {
    if (call.isStarted) {
      if (text !== '') events.push({ type: 'tool-call-delta', index, argumentsText: text })
    } else if (call.name !== '') this.#start(call, index, events)
  }

  #start(call: OpenToolCall, index: number, events: AdapterEvent[]): void {
    call.isStarted = true
    events.push({ type: 'tool-call-start', index, id: call.id, name: call.name })
    if (call.arguments !== '') events.push({ type: 'tool-call-delta', index, argumentsText: call.arguments })
  }
}
