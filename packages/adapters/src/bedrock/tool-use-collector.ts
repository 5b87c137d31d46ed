import type { ToolCall } from '../message.js'
import type { AdapterEvent } from '../stream-event.js'

/** More calls in one answer than this are an attack. */
const maxToolCalls = 1024
/** Argument text beyond this length is an attack. In characters, over all calls. */
const maxArgumentsLength = 16 * 1024 * 1024

interface OpenToolUse {
  readonly index: number
  readonly id: string
  readonly name: string
  arguments: string
  isEnded: boolean
}

/**
 * Joins the pieces of tool calls by the number of their content block. A block may come without its start, and without
 * its stop: some gateways leave them out.
 */
export class ToolUseCollector {
  readonly #uses = new Map<number, OpenToolUse>()
  #argumentsLength = 0

  /** Whether any call has begun. */
  get hasCalls(): boolean {
    return this.#uses.size > 0
  }

  /** The calls so far. */
  get calls(): readonly ToolCall[] {
    return Array.from(this.#uses.values(), ({ id, name, arguments: text }) => ({ id, name, arguments: text }))
  }

  /** A call begins. Returns `false` where there are too many. */
  start(block: number, id: string | undefined, name: string, events: AdapterEvent[]): boolean {
    if (this.#uses.size >= maxToolCalls) return false
    const index = this.#uses.size
    const use = { index, id: id ?? `call_${index}`, name, arguments: '', isEnded: false }
    this.#uses.set(block, use)
    events.push({ type: 'tool-call-start', index, id: use.id, name })
    return true
  }

  /** A piece of a call's arguments. Returns `false` where there is too much. */
  add(block: number, text: string, events: AdapterEvent[]): boolean {
    if (!this.#uses.has(block) && !this.start(block, undefined, '', events)) return false
    this.#argumentsLength += text.length
    const use = this.#uses.get(block)
    if (!use || this.#argumentsLength > maxArgumentsLength) return false
    use.arguments += text
    if (text !== '') events.push({ type: 'tool-call-delta', index: use.index, argumentsText: text })
    return true
  }

  /** A block is complete. */
  end(block: number, events: AdapterEvent[]): void {
    const use = this.#uses.get(block)
    if (!use || use.isEnded) return
    use.isEnded = true
    const { index, id, name, arguments: text } = use
    events.push({ type: 'tool-call-end', index, id, name, arguments: text })
  }

  /** The answer is complete: ends every call that is open. */
  endAll(events: AdapterEvent[]): void {
    for (const block of this.#uses.keys()) this.end(block, events)
  }
}
