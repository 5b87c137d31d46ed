import type { Finding, Fix } from '../finding.js'
import { bytesPerRequest, type KvCacheLayout } from './kv-cache-layout.js'
import { bytesPerGiB, type MemoryCase } from './memory-case.js'
import { refusal } from './memory-refusals.js'
import { contextGiB } from './runtime-memory.js'
import { longContext } from './serving-defaults.js'
import { memorySources } from './sizing-sources.js'
import type { StageMemory } from './stage-memory.js'
import { splitProblems } from './tensor-parallel.js'

/** Largest error of the estimate that real machines showed, GiB: closer calls are no certainty. */
const largestErrorGiB = 0.35

/** What does not fit, by how much and what to change; a warning where it fits by less than the estimate's error. */
export function memoryShortage(question: MemoryCase, memory: StageMemory): Finding[] {
  const neededGiB = bytesPerRequest(memory.layout, question.maxModelLength) / bytesPerGiB
  const spareGiB = memory.availableGiB - neededGiB
  if (memory.blocks === 0) return [nothingLeft(question, memory, neededGiB)]
  if (isTooShort(question, memory)) return [tooShort(question, memory, neededGiB)]
  return spareGiB < largestErrorGiB && question.kvCacheMemoryGiB === undefined ? [closeCall(spareGiB)] : []
}

/** Whether the cache cannot hold one request of the full length, as the engine checks it. */
function isTooShort({ engine, maxModelLength }: MemoryCase, { blocks, layout, availableGiB }: StageMemory): boolean {
  if (engine === 'v0') return blocks * layout.blockSize < maxModelLength
  return bytesPerRequest(layout, maxModelLength) > availableGiB * bytesPerGiB
}

function nothingLeft(question: MemoryCase, memory: StageMemory, neededGiB: number): Finding {
  const { weightsGiB, activationGiB, nonTorchGiB, cudaGraphsGiB, requestedGiB } = memory
  const { gpu } = question
  const usedGiB = weightsGiB + activationGiB + nonTorchGiB + cudaGraphsGiB
  const loads = weightsGiB + contextGiB(question) <= gpu.totalGiB
  const start = loads
    ? 'No available memory for the cache blocks.'
    : `The weights do not load (CUDA out of memory): they take ${gib(weightsGiB)} of the ${gib(gpu.totalGiB)} that ${gpu.name} has.`
  const message = `${start} vLLM may use ${gib(requestedGiB)} per GPU; weights take ${gib(weightsGiB)}, activations ${gib(activationGiB)}, memory outside PyTorch ${gib(nonTorchGiB)}${cudaGraphsGiB > 0 ? `, CUDA graphs ${gib(cudaGraphsGiB)}` : ''}. ${gib(usedGiB - requestedGiB + neededGiB)} are missing for one request of ${question.maxModelLength} tokens.`
  return refusal('memory-too-small', '', message, splitFix(question, memory))
}

function tooShort(question: MemoryCase, memory: StageMemory, neededGiB: number): Finding {
  const { maxModelLength, engine } = question
  const { availableGiB, layout, blocks } = memory
  const missing = `${gib(neededGiB - availableGiB)} are missing.`
  const message =
    engine === 'v0'
      ? `The model's max seq len (${maxModelLength}) is larger than the maximum number of tokens that can be stored in KV cache (${blocks * layout.blockSize}). ${missing}`
      : `To serve at least one request with the model's max seq len (${maxModelLength}), ${gib(neededGiB)} of KV cache are needed, which is larger than the available KV cache memory (${gib(availableGiB)}). ${missing}`
  return refusal('kv-cache-too-small', '/maxModelLength', message, shorterContext(question, memory))
}

function shorterContext({ engine, chunkedPrefill }: MemoryCase, { layout, availableGiB }: StageMemory): Fix {
  const length = longestIn(layout, availableGiB * bytesPerGiB)
  // Below this length V0 reads a prompt in one piece, and then less is left for the cache.
  if (engine === 'v0' && chunkedPrefill && length <= longContext)
    return { description: 'Use a shorter --max-model-len: largestContext finds the longest that starts.' }
  return {
    description: `Use --max-model-len ${length} or less; fittingChanges lists what else makes room.`,
    patch: [{ op: 'replace', path: '/maxModelLength', value: length }],
  }
}

/** Longest request that so many bytes hold. */
function longestIn(layout: KvCacheLayout, bytes: number): number {
  let fits = 0
  let fails = Math.ceil(bytes / layout.pageBytes) * layout.blockSize + 1
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2)
    if (bytesPerRequest(layout, middle) <= bytes) fits = middle
    else fails = middle
  }
  return fits
}

function closeCall(spareGiB: number): Finding {
  return {
    rule: 'memory-margin-small',
    severity: 'warning',
    path: '',
    message: `One request of the full length fits with ${gib(spareGiB)} to spare, less than the estimate was off on real machines (${gib(largestErrorGiB)}).`,
    fix: { description: 'Leave room: a shorter --max-model-len, or a start-up log of the machine as calibration.' },
    sources: memorySources,
  }
}

function splitFix(question: MemoryCase, memory: StageMemory): Fix {
  const enough = enoughGpus(question, memory)
  const lighter = question.quantization === undefined ? ', take quantised weights' : ''
  if (enough === undefined) return { description: `Use larger GPUs or more of them${lighter}.` }
  return {
    description: `Use --tensor-parallel-size ${enough} or more${lighter}, or a larger GPU; fittingChanges lists what makes room.`,
    patch: [{ op: 'replace', path: '/tensorParallelSize', value: enough }],
  }
}

const mostGpus = 16
// What activations and memory outside PyTorch take at least, and a little cache.
const besideWeightsGiB = 1

/** The least valid tensor parallel size whose share of the weights leaves room. */
function enoughGpus(question: MemoryCase, { weightsGiB, requestedGiB }: StageMemory): number | undefined {
  const { architecture, tensorParallelSize: size, expertParallel } = question
  const options = { quantization: architecture.quantization, expertParallel }
  for (let candidate = size + 1; candidate <= mostGpus; candidate += 1) {
    const leavesRoom = (weightsGiB * size) / candidate < requestedGiB - besideWeightsGiB
    if (leavesRoom && splitProblems(architecture, candidate, options).length === 0) return candidate
  }
  return undefined
}

function gib(amount: number): string {
  return `${amount.toFixed(2)} GiB`
}
