import type { Gpu } from '../catalog/hardware.js'
import type { SpeedConstants, SpeedProfile } from '../catalog/speed-profile.js'
import { type GpuLink, gpuLinkOf } from './gpu-link.js'
import type { ComputeDtype, ModelArchitecture, QuantizationSettings } from './model-architecture.js'
import { type StepWork, stepWorkOf } from './step-work.js'

/**
 * How long steps of the engine take. Pure arithmetic: a call allocates nothing and takes well under a microsecond, so
 * that a simulated engine may ask for every step. All times are milliseconds.
 */
export interface StepTimeModel {
  /** The profile behind it. */
  readonly profile: SpeedProfile
  /**
   * One step that makes one token for every running request. `contextTokens` is what all of them together have in the
   * cache, prompts included. With pipeline stages it is the time from one token of a request to its next.
   */
  decodeStepMs(runningSequences: number, contextTokens: number): number
  /**
   * One step that reads `tokens` tokens of prompts, spread evenly over `sequences` requests (default 1), each of which
   * has `cachedTokens` tokens (default 0) read already. A first token follows from the step that reads a prompt's end.
   */
  prefillMs(tokens: number, sequences?: number, cachedTokens?: number): number
  /** One step that does both: a piece of one prompt beside the running requests, as chunked prefill does. */
  mixedStepMs(
    runningSequences: number,
    contextTokens: number,
    prefillTokens: number,
    prefillCachedTokens?: number,
  ): number
}

/** The settings that steps depend on, all of them resolved. */
export interface StepTimeSettings {
  readonly architecture: ModelArchitecture
  readonly tensorParallelSize: number
  readonly pipelineParallelSize: number
  readonly dtype: ComputeDtype
  readonly quantization?: QuantizationSettings | undefined
  readonly kvCacheDtype: 'auto' | 'fp8'
  /** Whether the GPUs have a link of their own. */
  readonly nvlink: boolean
}

/** The model of one way to serve. */
export function stepTimeModel(settings: StepTimeSettings, gpu: Gpu, profile: SpeedProfile): StepTimeModel {
  const { tensorParallelSize, pipelineParallelSize: stages } = settings
  const work = stepWorkOf(settings)
  const link = gpuLinkOf(gpu, settings.nvlink)
  const bytesPerMs = gpu.bandwidthGBs * 1e6 * profile.constants.bandwidthEfficiency.value
  const rates = computeRates(settings, gpu, profile)
  const linkBytesPerMs = allReduceGBs(profile.constants, tensorParallelSize, link) * 1e6
  const fixedMs = fixedMsOf(work, profile.constants, tensorParallelSize, link)
  const hopMs = ((stages - 1) * profile.constants.pipelineHopUs.value) / 1000
  const sequenceMs = profile.constants.sequenceOverheadUs.value / 1000

  // The one formula behind all three. Stages take turns with a share of the requests each.
  function stepMs(running: number, context: number, tokens: number, sequences: number, cached: number): number {
    const share = stages === 1 ? 1 : Math.max(1 / stages, Math.min(1, 1 / running))
    const sharing = running * share
    const read = weightBytesOf(work, sharing + tokens) / tensorParallelSize
    const cache = cacheBytesOf(work, sharing, context * share) + cached * work.cacheBytesPerToken
    const pairs = tokens * (cached + tokens / (2 * Math.max(1, sequences)))
    const computeMs =
      (sharing * work.flopsPerToken) / rates.decode +
      (tokens * work.flopsPerToken) / rates.prefill +
      (pairs * work.flopsPerPair) / rates.attention
    const exchangeMs = ((sharing + tokens) * work.exchangedBytesPerToken) / linkBytesPerMs
    const overheadMs = fixedMs + hopMs + sequenceMs * (sharing + sequences)
    return overheadMs + exchangeMs + Math.max((read + cache) / bytesPerMs, computeMs)
  }

  return {
    profile,
    decodeStepMs: (runningSequences, contextTokens) => stepMs(runningSequences, contextTokens, 0, 0, 0),
    prefillMs: (tokens, sequences = 1, cachedTokens = 0) => stepMs(0, 0, tokens, sequences, cachedTokens),
    mixedStepMs: (runningSequences, contextTokens, prefillTokens, prefillCachedTokens = 0) =>
      stepMs(runningSequences, contextTokens, prefillTokens, prefillTokens > 0 ? 1 : 0, prefillCachedTokens),
  }
}

// Tokens choose experts independently of each other: what one more token adds shrinks with every token.
function weightBytesOf({ sharedBytes, routedBytes, missShare }: StepWork, tokens: number): number {
  return routedBytes === 0 ? sharedBytes : sharedBytes + routedBytes * (1 - missShare ** tokens)
}

function cacheBytesOf(work: StepWork, sequences: number, contextTokens: number): number {
  const inWindow = Math.min(contextTokens, sequences * work.windowTokens)
  return contextTokens * work.cacheBytesPerToken + inWindow * work.windowBytesPerToken
}

function fixedMsOf(work: StepWork, constants: SpeedConstants, tensorParallelSize: number, link: GpuLink): number {
  const perLayerUs = constants.layerOverheadUs.value * (1 + Math.log2(tensorParallelSize))
  const sumsOverPcie = tensorParallelSize > 1 && !link.isDirect ? 2 * work.layers : 0
  const totalUs =
    work.layers * perLayerUs +
    work.expertLayers * constants.expertLayerOverheadUs.value +
    sumsOverPcie * constants.pcieAllReduceUs.value
  return totalUs / 1000
}

// Measured on one kind of link; others are taken to be as much faster as their bandwidth is.
function allReduceGBs(constants: SpeedConstants, tensorParallelSize: number, link: GpuLink): number {
  const { allReduce2GBs, allReduce4GBs, allReduce8GBs, allReduceLinkGBs } = constants
  const measured = tensorParallelSize < 4 ? allReduce2GBs : tensorParallelSize < 8 ? allReduce4GBs : allReduce8GBs
  return (measured.value * link.GBs) / allReduceLinkGBs.value
}

interface ComputeRates {
  readonly decode: number
  readonly prefill: number
  readonly attention: number
}

// Floating-point operations per millisecond of the whole group.
function computeRates(settings: StepTimeSettings, gpu: Gpu, profile: SpeedProfile): ComputeRates {
  const { tensorParallelSize, dtype, quantization, architecture } = settings
  const { decodeComputeEfficiency, prefillComputeEfficiency, prefillAttentionEfficiency } = profile.constants
  const half = dtype === 'bfloat16' ? (gpu.bf16TFLOPS ?? gpu.fp16TFLOPS) : gpu.fp16TFLOPS
  const full = dtype === 'float32' ? half / 2 : half
  const matrices = matrixTFLOPS(gpu, quantization ?? architecture.quantization, full)
  const perMs = tensorParallelSize * 1e9
  return {
    decode: matrices * perMs * decodeComputeEfficiency.value,
    prefill: matrices * perMs * prefillComputeEfficiency.value,
    attention: full * perMs * prefillAttentionEfficiency.value,
  }
}

// Weights of 4 bits, and of 8 where the card cannot multiply them, are unpacked and multiplied at full width.
function matrixTFLOPS(gpu: Gpu, quantization: QuantizationSettings | undefined, full: number): number {
  if (quantization?.method === 'fp8' && gpu.vllm.fp8W8A8) return gpu.fp8TFLOPS ?? full
  if (quantization?.method === 'nvfp4') return gpu.fp4TFLOPS ?? full
  return full
}
