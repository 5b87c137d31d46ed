import { estimateMemory } from './estimate-memory.js'
import { architectureOf } from './find-architecture.js'
import { isRefused, largestContext } from './largest-context.js'
import type { MemoryEstimate } from './memory-estimate.js'
import type { MemoryInput } from './memory-input.js'
import { validTensorParallelSizes } from './tensor-parallel.js'

/** A change of a server's settings that makes it start, or makes its cache larger. */
export interface FittingChange {
  /** As it stands on the command line, such as `--kv-cache-dtype fp8`. */
  readonly flags: string
  /** What it costs, in a sentence. */
  readonly cost: string
  /** The same as fields of the input. */
  readonly settings: Partial<MemoryInput>
  /** Whether vLLM starts with it. */
  readonly fits: boolean
  /** Tokens of cache with it. */
  readonly kvCacheTokens: number
  /** Tokens of cache that it adds; 0 for a shorter context, which makes room for none. */
  readonly gainTokens: number
  /** Requests of the full length at once. */
  readonly maxConcurrency: number
}

type Candidate = Pick<FittingChange, 'flags' | 'cost' | 'settings'>

/**
 * Single changes that make the server start or enlarge its cache, those that make it start first, the largest gain
 * first; only what vLLM takes on that GPU. Where no single one makes it start, all that keep GPUs and weights are tried
 * together.
 * @throws SizingInputError as `estimateMemory` does
 */
export function fittingChanges(input: MemoryInput): FittingChange[] {
  const before = estimateMemory(input)
  if (isRefused(before)) return []
  const candidates = candidatesFor(input, before)
  const changes = candidates
    .map((candidate) => tryOut(input, before, candidate))
    .filter((change) => change !== undefined)
  if (!before.fits && !changes.some(({ fits }) => fits)) {
    const together = tryOut(input, before, combined(input, candidates))
    if (together?.fits === true) changes.push(together)
  }
  return changes.sort((one, other) => Number(other.fits) - Number(one.fits) || other.gainTokens - one.gainTokens)
}

function tryOut(input: MemoryInput, before: MemoryEstimate, candidate: Candidate): FittingChange | undefined {
  const after = estimateMemory({ ...input, ...candidate.settings })
  if (isRefused(after)) return undefined
  const gainTokens = Math.max(0, after.kvCacheTokens - before.kvCacheTokens)
  const helps = gainTokens > 0 || (after.fits && !before.fits)
  if (!helps) return undefined
  const { fits, kvCacheTokens, maxConcurrency } = after
  return { ...candidate, fits, kvCacheTokens, gainTokens, maxConcurrency }
}

function candidatesFor(input: MemoryInput, before: MemoryEstimate): Candidate[] {
  return [
    ...batchCandidates(before),
    ...utilizationCandidates(before),
    ...contextCandidates(input, before),
    ...formatCandidates(input, before),
    ...splitCandidates(input, before),
  ]
}

function batchCandidates({ settings }: MemoryEstimate): Candidate[] {
  const candidates: Candidate[] = []
  for (const maxNumSeqs of [256, 64, 16])
    if (maxNumSeqs < settings.maxNumSeqs)
      candidates.push({
        flags: `--max-num-seqs ${maxNumSeqs}`,
        cost: 'Fewer requests run in one step.',
        settings: { maxNumSeqs },
      })
  const least = Math.max(2048, settings.chunkedPrefill ? 0 : settings.maxModelLength)
  if (least < settings.maxNumBatchedTokens)
    candidates.push({
      flags: `--max-num-batched-tokens ${least}`,
      cost: 'Long prompts take more steps.',
      settings: { maxNumBatchedTokens: least },
    })
  if (!settings.chunkedPrefill)
    candidates.push({
      flags: '--enable-chunked-prefill --max-num-batched-tokens 2048',
      cost: 'Long prompts are read in pieces.',
      settings: { enableChunkedPrefill: true, maxNumBatchedTokens: 2048 },
    })
  return candidates
}

const highUtilization = 0.95

function utilizationCandidates({ settings, perGpu }: MemoryEstimate): Candidate[] {
  const candidates: Candidate[] = []
  if (settings.gpuMemoryUtilization < highUtilization)
    candidates.push({
      flags: `--gpu-memory-utilization ${highUtilization}`,
      cost: 'Nothing else may run on the GPU, and less is left for peaks.',
      settings: { gpuMemoryUtilization: highUtilization },
    })
  if (perGpu.cudaGraphsGiB > 0)
    candidates.push({
      flags: '--enforce-eager',
      cost: 'Every step takes longer, above all with few requests.',
      settings: { enforceEager: true },
    })
  return candidates
}

function contextCandidates(input: MemoryInput, before: MemoryEstimate): Candidate[] {
  if (before.fits) return []
  const { maxModelLength, limitedBy } = largestContext(input)
  if (maxModelLength === 0 || limitedBy === 'refused' || maxModelLength >= before.settings.maxModelLength) return []
  return [
    {
      flags: `--max-model-len ${maxModelLength}`,
      cost: 'Prompt and output together may be no longer.',
      settings: { maxModelLength },
    },
  ]
}

function formatCandidates(input: MemoryInput, { settings }: MemoryEstimate): Candidate[] {
  const candidates: Candidate[] = []
  if (settings.kvCacheDtype === 'auto')
    candidates.push({
      flags: '--kv-cache-dtype fp8',
      cost: 'Answers may get slightly worse.',
      settings: { kvCacheDtype: 'fp8' },
    })
  if (input.quantization !== undefined || architectureOf(input).quantization !== undefined) return candidates
  candidates.push({
    flags: '--quantization fp8',
    cost: 'Answers may get slightly worse.',
    settings: { quantization: 'fp8' },
  })
  for (const quantization of ['awq', 'gptq'])
    candidates.push({
      flags: `--quantization ${quantization}`,
      cost: `It takes a checkpoint quantised with ${quantization.toUpperCase()}; answers may get worse.`,
      settings: { quantization },
    })
  return candidates
}

const gpusOfOneMachine = 8

function splitCandidates(input: MemoryInput, { settings }: MemoryEstimate): Candidate[] {
  const architecture = architectureOf(input)
  const options = { quantization: architecture.quantization, expertParallel: input.enableExpertParallel }
  return validTensorParallelSizes(architecture, gpusOfOneMachine, options)
    .filter((size) => size > settings.tensorParallelSize)
    .map((size) => ({
      flags: `--tensor-parallel-size ${size}`,
      cost: `${size * settings.pipelineParallelSize} GPUs instead of ${settings.gpuCount}.`,
      settings: { tensorParallelSize: size },
    }))
}

/** All changes together that keep GPUs and weights, with the longest context that then fits. */
function combined(input: MemoryInput, candidates: readonly Candidate[]): Candidate {
  const chosen = candidates.filter(
    ({ settings }) => !('tensorParallelSize' in settings || 'quantization' in settings || 'maxModelLength' in settings),
  )
  const settings = Object.assign({}, ...chosen.map((candidate) => candidate.settings)) as Partial<MemoryInput>
  const flags = [...new Map(chosen.map((candidate) => [candidate.flags.split(' ')[0], candidate.flags])).values()]
  const { maxModelLength } = largestContext({ ...input, ...settings })
  const wanted = estimateMemory({ ...input, ...settings }).settings.maxModelLength
  const cost = 'All of their costs together.'
  if (maxModelLength === 0 || maxModelLength >= wanted) return { flags: flags.join(' '), cost, settings }
  return {
    flags: [...flags, `--max-model-len ${maxModelLength}`].join(' '),
    cost,
    settings: { ...settings, maxModelLength },
  }
}
