import { estimateMemory } from './estimate-memory.js'
import { architectureOf } from './find-architecture.js'
import { largestThat } from './largest-value.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'
import { longContext } from './serving-defaults.js'

/** The longest context that a server starts with. */
export interface LargestContext {
  /** Tokens; 0 where none fits. */
  readonly maxModelLength: number
  /** What stops it: the model's own context, the GPU's memory, or settings that vLLM refuses at any length. */
  readonly limitedBy: 'model' | 'memory' | 'refused'
  /** The estimate at that length; at one token where none fits. */
  readonly estimate: MemoryEstimate
}

/**
 * The longest `maxModelLength` with which vLLM starts. What the input says about it is ignored. Exact: one token more
 * does not start.
 * @throws SizingInputError as `estimateMemory` does
 */
export function largestContext(input: MemoryInput): LargestContext {
  const { maxPositions } = architectureOf(input)
  const at = (maxModelLength: number) => estimateMemory({ ...input, maxModelLength })
  const fits = (length: number) => at(length).fits
  const least = at(1)
  // V0 reads longer prompts in pieces, and then needs less memory: a length above may start where one below does not.
  const isSplit = least.settings.engine === 'v0' && input.enableChunkedPrefill === undefined
  const length = isSplit
    ? (largestThat(fits, longContext + 1, maxPositions) ?? largestThat(fits, 1, Math.min(longContext, maxPositions)))
    : largestThat(fits, 1, maxPositions)
  if (length === undefined)
    return { maxModelLength: 0, limitedBy: isRefused(least) ? 'refused' : 'memory', estimate: least }
  return { maxModelLength: length, limitedBy: length === maxPositions ? 'model' : 'memory', estimate: at(length) }
}

const shortages = new Set(['memory-too-small', 'kv-cache-too-small'])

/** Whether vLLM would refuse the settings whatever the memory. */
export function isRefused({ findings }: MemoryEstimate): boolean {
  return findings.some(({ severity, rule }) => severity === 'error' && !shortages.has(rule))
}
