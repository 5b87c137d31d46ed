import { createHash } from 'node:crypto'

/** Tokens of one prompt by what the cache did with them. Their sum is the prompt. */
export interface CachedPrompt {
  /** Neither read from the cache nor written to it. */
  readonly inputTokens: number
  readonly cacheReadInputTokens: number
  readonly cacheWriteInputTokens: number
}

/** The beginning of a prompt up to a cache point. */
export interface CachePoint {
  readonly text: string
  readonly tokens: number
}

/** A shorter beginning is not cached; the least that Claude 3.7 Sonnet takes. */
const minimumTokens = 1_024
/** How long an entry lives after it was last used. */
const lifetimeMs = 5 * 60_000
const maxEntries = 10_000

/** Remembers the beginnings of prompts that ended in a cache point, as hashes only. */
export class PromptCache {
  readonly #expiries = new Map<string, number>()

  /** Accounts for a prompt: the longest known beginning is read, what follows up to the last cache point is written. */
  account(model: string, points: readonly CachePoint[], promptTokens: number, nowMs: number): CachedPrompt {
    const cacheable = points.filter(({ tokens }) => tokens >= minimumTokens)
    const known = cacheable.findLast((point) => (this.#expiries.get(keyOf(model, point)) ?? 0) > nowMs)
    for (const point of cacheable) this.#remember(keyOf(model, point), nowMs + lifetimeMs)
    const read = known?.tokens ?? 0
    const end = cacheable.at(-1)?.tokens ?? 0
    return { inputTokens: promptTokens - end, cacheReadInputTokens: read, cacheWriteInputTokens: end - read }
  }

  #remember(key: string, expiry: number): void {
    this.#expiries.delete(key)
    this.#expiries.set(key, expiry)
    if (this.#expiries.size <= maxEntries) return
    for (const [oldest] of this.#expiries) {
      this.#expiries.delete(oldest)
      return
    }
  }
}

function keyOf(model: string, { text }: CachePoint): string {
  return createHash('sha256').update(model).update('\0').update(text).digest('base64')
}
