import type { PartialResponse } from '../errors/partial-response.js'
import type { ToolCall } from '../message.js'
import type { Usage } from '../usage.js'
import { hasCounts } from './usage.js'

/** Text beyond this length is not kept for errors: a stream without end must not fill the memory. In characters. */
const maxKeptLength = 4 * 1024 * 1024

/** Keeps text for the case that the request fails: as parts, joined only if somebody asks. */
export class TextCollector {
  #parts: string[] = []
  #length = 0

  /** Adds a piece, until the limit. */
  add(text: string): void {
    if (this.#length >= maxKeptLength) return
    this.#length += text.length
    this.#parts.push(text)
    // Many tiny strings cost more than one: they are joined now and then.
    if (this.#parts.length >= 4096) this.#parts = [this.#parts.join('')]
  }

  /** Everything that was added. */
  toString(): string {
    return this.#parts.join('')
  }
}

/** Puts together what had arrived; `undefined` where nothing had. */
export function partialResponse(
  text: string,
  reasoning: string,
  toolCalls: readonly ToolCall[],
  usage: Usage,
): PartialResponse | undefined {
  const hasUsage = hasCounts(usage)
  if (text === '' && reasoning === '' && toolCalls.length === 0 && !hasUsage) return undefined
  return { text, reasoning, toolCalls, ...(hasUsage && { usage }) }
}
