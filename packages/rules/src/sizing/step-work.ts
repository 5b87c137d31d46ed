import type { ComputeDtype, ModelArchitecture, QuantizationSettings } from './model-architecture.js'
import { countParameters } from './parameter-count.js'

/** What one step of the engine has to read and to compute, on all GPUs together unless a name says otherwise. */
export interface StepWork {
  readonly layers: number
  /** Layers with routed experts. */
  readonly expertLayers: number
  /** Bytes of weights that every step reads. */
  readonly sharedBytes: number
  /** Bytes of all routed experts. A step reads those that one of its tokens is sent to. */
  readonly routedBytes: number
  /** Share of the experts that one token does not go to. */
  readonly missShare: number
  /** Floating-point operations of the matrices for one token. */
  readonly flopsPerToken: number
  /** Floating-point operations of attention for one token looking at one other. */
  readonly flopsPerPair: number
  /** Bytes of cache per token on one GPU, of the layers that look at everything. */
  readonly cacheBytesPerToken: number
  /** Bytes of cache per token on one GPU, of the layers with a window. */
  readonly windowBytesPerToken: number
  /** Tokens that a layer with a window looks back. */
  readonly windowTokens: number
  /** Bytes that the GPUs of a tensor-parallel group exchange for one token; 0 for one GPU. */
  readonly exchangedBytesPerToken: number
}

/** The settings that decide how much work a step is. */
export interface StepWorkSettings {
  readonly architecture: ModelArchitecture
  readonly tensorParallelSize: number
  readonly dtype: ComputeDtype
  /** Replaces the quantisation that the architecture names. */
  readonly quantization?: QuantizationSettings | undefined
  readonly kvCacheDtype: 'auto' | 'fp8'
}

/** What one step has to read and to compute. */
export function stepWorkOf(settings: StepWorkSettings): StepWork {
  const { architecture, tensorParallelSize, dtype } = settings
  const { layers, hiddenSize, vocabularySize, experts } = architecture
  const { linear, routedExperts } = countParameters(architecture)
  const head = vocabularySize * hiddenSize
  const bytes = bytesOf(dtype)
  const { linearBytes, expertBytes } = weightBytes(settings.quantization ?? architecture.quantization, bytes)
  const shared = linear - routedExperts
  const missShare = experts === undefined ? 1 : 1 - experts.perToken / experts.count
  return {
    layers,
    expertLayers: experts === undefined ? 0 : layers - (experts.denseLayers ?? 0),
    sharedBytes: shared * linearBytes + head * bytes,
    routedBytes: routedExperts * expertBytes,
    missShare,
    flopsPerToken: 2 * (shared + head + routedExperts * (1 - missShare)),
    flopsPerPair: 4 * attendingLayers(architecture) * queryWidth(architecture),
    ...cacheBytes(settings),
    // Two sums per layer, after attention and after the feed-forward network.
    exchangedBytesPerToken: tensorParallelSize === 1 ? 0 : 2 * layers * hiddenSize * bytes,
  }
}

function bytesOf(dtype: ComputeDtype): number {
  return dtype === 'float32' ? 4 : 2
}

interface WeightBytes {
  readonly linearBytes: number
  readonly expertBytes: number
}

function weightBytes(quantization: QuantizationSettings | undefined, full: number): WeightBytes {
  if (quantization === undefined) return { linearBytes: full, expertBytes: full }
  const { bits, groupSize, appliesTo = 'linear' } = quantization
  // A scale of 16 bits per group.
  const packed = bits / 8 + (groupSize === undefined ? 0 : 2 / groupSize)
  return { linearBytes: appliesTo === 'linear' ? packed : full, expertBytes: packed }
}

function attendingLayers({ layers, linearAttentionLayers = 0 }: ModelArchitecture): number {
  return layers - linearAttentionLayers
}

function queryWidth({ attentionHeads, headSize, latentAttention: latent }: ModelArchitecture): number {
  if (latent === undefined) return attentionHeads * headSize
  return attentionHeads * ((latent.qkNopeHeadSize + latent.qkRopeHeadSize + latent.valueHeadSize) / 2)
}

type CacheBytes = Pick<StepWork, 'cacheBytesPerToken' | 'windowBytesPerToken' | 'windowTokens'>

function cacheBytes({ architecture, tensorParallelSize, dtype, kvCacheDtype }: StepWorkSettings): CacheBytes {
  const { slidingWindow, latentAttention: latent, globalAttention } = architecture
  const bytes = kvCacheDtype === 'fp8' ? 1 : bytesOf(dtype)
  const windowLayers = slidingWindow?.layers ?? 0
  const fullLayers = attendingLayers(architecture) - windowLayers
  const perLayer = (heads: { readonly keyValueHeads: number; readonly headSize: number }) =>
    2 * Math.max(1, heads.keyValueHeads / tensorParallelSize) * heads.headSize * bytes
  // The latent vector is one for all heads: every GPU holds and reads all of it.
  const fullLayer =
    latent === undefined
      ? perLayer(globalAttention ?? architecture)
      : (latent.kvLoraRank + latent.qkRopeHeadSize) * bytes
  return {
    cacheBytesPerToken: fullLayers * fullLayer,
    windowBytesPerToken: windowLayers === 0 ? 0 : windowLayers * perLayer(architecture),
    windowTokens: slidingWindow?.tokens ?? 0,
  }
}
