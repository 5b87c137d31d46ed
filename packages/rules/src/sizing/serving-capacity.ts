import type { Finding } from '../finding.js'
import { estimateMemory } from './estimate-memory.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { PerformanceCase } from './performance-case.js'

/** How many requests of some length a server runs at once. */
export interface ServingCapacity {
  /** Where the server does not start, that of one with memory enough. */
  readonly runningLimit: number
  /** What bounds it. */
  readonly limitedBy: 'max-num-seqs' | 'kv-cache'
  /** Why the server does not start with these settings; absent where it does. */
  readonly refusal?: Finding | undefined
}

/**
 * What `estimateMemory` says of the server, as far as speed depends on it. Where no longest context is asked for, it is
 * enough that the workload's own fits: whoever sizes for a workload sets `--max-model-len` by it.
 */
export function servingCapacity(question: PerformanceCase, contextTokens: number): ServingCapacity {
  const memory = memoryFor(question, contextTokens)
  const { maxNumSeqs } = question.settings
  const inCache = Math.floor(memory.kvCacheTokens / contextTokens)
  if (memory.fits && inCache < maxNumSeqs) return { runningLimit: Math.max(1, inCache), limitedBy: 'kv-cache' }
  const refusal = memory.fits ? undefined : memory.findings.find(({ severity }) => severity === 'error')
  return { runningLimit: maxNumSeqs, limitedBy: 'max-num-seqs', refusal }
}

function memoryFor({ memoryInput }: PerformanceCase, contextTokens: number): MemoryEstimate {
  const memory = estimateMemory(memoryInput)
  if (memory.fits || memoryInput.maxModelLength !== undefined) return memory
  return estimateMemory({ ...memoryInput, maxModelLength: Math.ceil(contextTokens) })
}
