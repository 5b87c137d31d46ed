import { bytesPerGiB, type MemoryCase } from './memory-case.js'
import type { ExpertLayers } from './model-architecture.js'
import type { PipelineStage } from './pipeline-stages.js'
import { since } from './vllm-release.js'

/*
 * The profile run takes one step of `maxNumBatchedTokens` tokens and then samples for `maxNumSeqs` requests, with top-k
 * and top-p on. Whichever is larger is the peak. Constants were read from start-up logs: see the fixtures of the test.
 */

// float32 copies of the logits, counted in units of one copy: with a sort (values, 64-bit indices, scratch) and without.
const copiesWithSort = 9.07
const copiesWithoutSort = 3
// With fewer requests than this, sorting stays.
const leastWithoutSort = 8
const buffersBytes = 0.015 * bytesPerGiB
const samplingBuffersBytes = 0.025 * bytesPerGiB
// Images as large as the model takes them, kept until the run is over.
const imagesBytes = 0.14 * bytesPerGiB
// A vision tower has more parameters than all norms and biases of a language model together.
const visionTowerParameters = 100_000_000

/** Bytes of the profile run's peak, above the weights, on one GPU of a pipeline stage. */
export function activationBytes(question: MemoryCase, stage: PipelineStage): number {
  const kept = workspaceBytes(question, stage)
  const forward = forwardBytes(question, stage)
  const sampling = stage.isLast ? samplingBytes(question) : handedOnBytes(question) + forward
  return Math.max(forward, sampling) + kept
}

/** One step through the widest layer: gate, up and activation beside the residual stream. */
function forwardBytes(question: MemoryCase, stage: PipelineStage): number {
  const { architecture, dtypeBytes, maxNumBatchedTokens, tensorParallelSize } = question
  const { hiddenSize, intermediateSize, experts, feedForwardMatrices = 3 } = architecture
  const hasDense = experts === undefined || stage.expertLayers < stage.layers
  const shared = experts?.sharedIntermediateSize ?? 0
  const width = Math.max(hasDense ? intermediateSize : 0, shared) / tensorParallelSize
  const routed = keepsWorkspace(question) ? 0 : routedWidth(question)
  const perToken = Math.max(feedForwardMatrices * width, routed) + 4 * hiddenSize
  return dtypeBytes * maxNumBatchedTokens * perToken + buffersBytes
}

/** Values per token that the expert kernels write: the wider of two buffers that share their place, and the activation. */
function routedWidth(question: MemoryCase): number {
  const { hiddenSize, experts, feedForwardMatrices = 3 } = question.architecture
  if (experts === undefined) return 0
  const width = expertWidth(question, experts)
  return experts.perToken * (Math.max((feedForwardMatrices - 1) * width, hiddenSize) + width)
}

function expertWidth({ expertParallel, tensorParallelSize }: MemoryCase, { intermediateSize }: ExpertLayers): number {
  return expertParallel ? intermediateSize : intermediateSize / tensorParallelSize
}

function keepsWorkspace({ release, quantization }: MemoryCase): boolean {
  return release.number >= since.samplingWithoutSort && quantization?.method !== 'mxfp4'
}

/** What newer expert kernels allocate once and keep. */
function workspaceBytes(question: MemoryCase, stage: PipelineStage): number {
  const { architecture, dtypeBytes, maxNumBatchedTokens } = question
  const { hiddenSize, experts, feedForwardMatrices = 3 } = architecture
  if (experts === undefined || stage.expertLayers === 0 || !keepsWorkspace(question)) return 0
  const width = expertWidth(question, experts)
  const perExpert = Math.max(width, hiddenSize) + Math.max((feedForwardMatrices - 1) * width, hiddenSize)
  return dtypeBytes * maxNumBatchedTokens * experts.perToken * perExpert
}

function samplingBytes(question: MemoryCase): number {
  const { architecture, dtypeBytes, maxNumBatchedTokens, maxNumSeqs, release, gpu, flashInferSampler } = question
  const requests = Math.min(maxNumSeqs, maxNumBatchedTokens)
  const copy = 4 * requests * architecture.vocabularySize
  const hiddenStates = dtypeBytes * maxNumBatchedTokens * architecture.hiddenSize
  const images = hasVisionTower(question) ? hiddenStates + imagesBytes : 0
  const kept = (dtypeBytes / 4) * copy + hiddenStates + images
  if (flashInferSampler) return copiesWithoutSort * copy + kept + buffersBytes
  const withoutSort = release.number >= since.samplingWithoutSort && requests >= leastWithoutSort
  if (!withoutSort) return copiesWithSort * copy + kept
  // One row of scratch for every multiprocessor.
  const scratch = 4 * gpu.multiprocessors * architecture.vocabularySize
  return copiesWithoutSort * copy + kept + scratch + buffersBytes + samplingBuffersBytes
}

/** Whether images are profiled too: their embeddings are kept for one step. */
export function hasVisionTower({ architecture }: MemoryCase): boolean {
  return (architecture.otherParameters ?? 0) >= visionTowerParameters
}

/** What a stage that is not the last gives to the next: hidden states and residual. */
function handedOnBytes({ architecture, dtypeBytes, maxNumBatchedTokens }: MemoryCase): number {
  return 2 * dtypeBytes * maxNumBatchedTokens * architecture.hiddenSize
}
