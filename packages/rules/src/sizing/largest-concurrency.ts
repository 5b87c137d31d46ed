import { estimateMemory } from './estimate-memory.js'
import { largestThat } from './largest-value.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'

/** The most requests of the full length at once. */
export interface LargestConcurrency {
  /** Requests; 0 where the server does not start. */
  readonly concurrency: number
  /** `--max-num-seqs` to serve them with: the one that was given, or else as many. */
  readonly maxNumSeqs: number
  /** The estimate with that setting. */
  readonly estimate: MemoryEstimate
}

/**
 * The most requests of `maxModelLength` tokens that run at once without waiting for cache. With `maxNumSeqs` in the
 * input, no more than that; without, `--max-num-seqs` is the answer itself, since every further request takes room for
 * its logits. Exact: one request more does not fit, or waits for a place in the step.
 * @throws SizingInputError as `estimateMemory` does
 */
export function largestConcurrency(input: MemoryInput): LargestConcurrency {
  const usual = estimateMemory(input)
  if (input.maxNumSeqs !== undefined) return answer(usual)
  const at = (maxNumSeqs: number) => estimateMemory({ ...input, maxNumSeqs })
  const holds = (requests: number) => {
    const { fits, maxConcurrency } = at(requests)
    return fits && maxConcurrency >= requests
  }
  const requests = largestThat(holds, 1, usual.settings.maxNumBatchedTokens)
  return requests === undefined ? { concurrency: 0, maxNumSeqs: 1, estimate: at(1) } : answer(at(requests))
}

function answer(estimate: MemoryEstimate): LargestConcurrency {
  const { fits, maxConcurrency, settings } = estimate
  const concurrency = fits ? Math.min(settings.maxNumSeqs, Math.floor(maxConcurrency)) : 0
  return { concurrency, maxNumSeqs: settings.maxNumSeqs, estimate }
}
