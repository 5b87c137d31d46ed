import type { BlockKey } from '../engine/block-pool.js'
import { invalidOption } from '../invalid-option.js'

/** A request to simulated servers. There is no text: only how long it is, and what it shares with others. */
export interface SimulatedRequest {
  /** Tokens to read, 1 or more. */
  readonly promptTokens: number
  /** Tokens to write, 1 or more. */
  readonly outputTokens: number
  /**
   * What the prompt begins with, for the prefix cache: the name of a text, the same for all requests that begin with it,
   * or one key for each whole block of 16 tokens, as a hash over everything up to its end would be. Default: nothing that
   * another request begins with.
   */
  readonly prefix?: string | readonly (string | number)[] | undefined
  /**
   * How many tokens of a named `prefix` the prompt begins with. Default: all of the prompt. What is written then belongs to
   * the text too, as in a conversation, whose next turn begins with it.
   */
  readonly prefixTokens?: number | undefined
  /** With `schedulingPolicy: 'priority'`: lower values go first. Default: 0. */
  readonly priority?: number | undefined
  /** Which replica it is sent to, from 0. Default: the one with the fewest requests. */
  readonly replica?: number | undefined
}

/** Throws `EmulatorError` (`invalid-option`) for a request that no server could answer. */
export function checkRequest(
  { promptTokens, outputTokens, prefixTokens, priority, replica }: SimulatedRequest,
  { longest, replicas }: { readonly longest: number; readonly replicas: number },
): void {
  if (!isWhole(promptTokens, 1, longest - 1))
    throw invalidOption('promptTokens', promptTokens, `a whole number from 1 to ${longest - 1}`)
  // With this prompt, so much is left.
  const room = longest - promptTokens
  if (!isWhole(outputTokens, 1, room))
    throw invalidOption(
      'outputTokens',
      outputTokens,
      `a whole number from 1 to ${room}, all that the server has room for`,
    )
  if (prefixTokens !== undefined && !isWhole(prefixTokens, 0, promptTokens))
    throw invalidOption('prefixTokens', prefixTokens, `a whole number from 0 to promptTokens, ${promptTokens}`)
  if (priority !== undefined && !Number.isFinite(priority)) throw invalidOption('priority', priority, 'a finite number')
  if (replica !== undefined && !isWhole(replica, 0, replicas - 1))
    throw invalidOption('replica', replica, `a whole number from 0 to ${replicas - 1}`)
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}

/** The keys under which a request's blocks are shared. */
export function blockKeysOf(
  { prefix, promptTokens, prefixTokens = promptTokens }: SimulatedRequest,
  blockSize: number,
): ((index: number) => BlockKey | undefined) | undefined {
  if (prefix === undefined) return undefined
  if (typeof prefix !== 'string') return (index) => prefix[index]
  const blocks = prefixTokens === promptTokens ? Number.POSITIVE_INFINITY : Math.floor(prefixTokens / blockSize)
  return (index) => (index < blocks ? `${prefix}#${index}` : undefined)
}
