import type { ModelArchitecture } from '../../src/sizing/model-architecture.js'

/*
 * Shapes of models that start-up logs were posted of, from their published config.json. The catalog has the models that
 * GitLab documents; these are others.
 */

const decoder = {
  dtype: 'bfloat16',
  tiedEmbeddings: false,
  headSize: 128,
} as const

function qwen2(
  shape: Omit<ModelArchitecture, 'modelType' | 'dtype' | 'headSize' | 'attentionBias'>,
): ModelArchitecture {
  return { ...decoder, modelType: 'qwen2', attentionBias: true, ...shape }
}

function qwen3(
  shape: Omit<
    ModelArchitecture,
    'modelType' | 'dtype' | 'headSize' | 'queryKeyNorm' | 'vocabularySize' | 'maxPositions'
  >,
): ModelArchitecture {
  return { ...decoder, modelType: 'qwen3', queryKeyNorm: true, vocabularySize: 151_936, maxPositions: 40_960, ...shape }
}

export const qwen25_1_5b = qwen2({
  name: 'Qwen2.5-1.5B',
  layers: 28,
  hiddenSize: 1536,
  intermediateSize: 8960,
  attentionHeads: 12,
  keyValueHeads: 2,
  vocabularySize: 151_936,
  maxPositions: 32_768,
  tiedEmbeddings: true,
})
export const qwen25_7b = qwen2({
  name: 'Qwen2.5-7B',
  layers: 28,
  hiddenSize: 3584,
  intermediateSize: 18_944,
  attentionHeads: 28,
  keyValueHeads: 4,
  vocabularySize: 152_064,
  maxPositions: 32_768,
  tiedEmbeddings: false,
})
export const qwen25_72b = qwen2({
  name: 'Qwen2.5-72B',
  layers: 80,
  hiddenSize: 8192,
  intermediateSize: 29_568,
  attentionHeads: 64,
  keyValueHeads: 8,
  vocabularySize: 152_064,
  maxPositions: 32_768,
  tiedEmbeddings: false,
})
export const r1DistillQwen7b: ModelArchitecture = {
  ...qwen25_7b,
  name: 'DeepSeek-R1-Distill-Qwen-7B',
  maxPositions: 131_072,
}
export const qwen3_0_6b = qwen3({
  name: 'Qwen3-0.6B',
  layers: 28,
  hiddenSize: 1024,
  intermediateSize: 3072,
  attentionHeads: 16,
  keyValueHeads: 8,
  tiedEmbeddings: true,
})
export const qwen3_8b = qwen3({
  name: 'Qwen3-8B',
  layers: 36,
  hiddenSize: 4096,
  intermediateSize: 12_288,
  attentionHeads: 32,
  keyValueHeads: 8,
  tiedEmbeddings: false,
})
export const qwen3_14b = qwen3({
  name: 'Qwen3-14B',
  layers: 40,
  hiddenSize: 5120,
  intermediateSize: 17_408,
  attentionHeads: 40,
  keyValueHeads: 8,
  tiedEmbeddings: false,
})
export const qwen3_32b = qwen3({
  name: 'Qwen3-32B',
  layers: 64,
  hiddenSize: 5120,
  intermediateSize: 25_600,
  attentionHeads: 64,
  keyValueHeads: 8,
  tiedEmbeddings: false,
})
export const qwen3_30bA3b: ModelArchitecture = {
  ...qwen3({
    name: 'Qwen3-30B-A3B',
    layers: 48,
    hiddenSize: 2048,
    intermediateSize: 6144,
    attentionHeads: 32,
    keyValueHeads: 4,
    tiedEmbeddings: false,
    experts: { count: 128, perToken: 8, intermediateSize: 768 },
  }),
  modelType: 'qwen3_moe',
}
export const qwen3_235bFp8: ModelArchitecture = {
  ...qwen3({
    name: 'Qwen3-235B-A22B-FP8',
    layers: 94,
    hiddenSize: 4096,
    intermediateSize: 12_288,
    attentionHeads: 64,
    keyValueHeads: 4,
    tiedEmbeddings: false,
    experts: { count: 128, perToken: 8, intermediateSize: 1536 },
    quantization: { method: 'fp8', bits: 8, groupSize: 128 },
  }),
  modelType: 'qwen3_moe',
}
export const qwen15Moe: ModelArchitecture = {
  ...qwen2({
    name: 'Qwen1.5-MoE-A2.7B',
    layers: 24,
    hiddenSize: 2048,
    intermediateSize: 5632,
    attentionHeads: 16,
    keyValueHeads: 16,
    vocabularySize: 151_936,
    maxPositions: 8192,
    tiedEmbeddings: false,
    experts: { count: 60, perToken: 4, intermediateSize: 1408, sharedIntermediateSize: 5632 },
  }),
  modelType: 'qwen2_moe',
}

export const llama32_1b: ModelArchitecture = {
  ...decoder,
  name: 'Llama-3.2-1B',
  modelType: 'llama',
  layers: 16,
  hiddenSize: 2048,
  intermediateSize: 8192,
  attentionHeads: 32,
  keyValueHeads: 8,
  headSize: 64,
  vocabularySize: 128_256,
  maxPositions: 131_072,
  tiedEmbeddings: true,
}
export const codeLlama7b: ModelArchitecture = {
  ...decoder,
  name: 'CodeLlama-7b',
  modelType: 'llama',
  layers: 32,
  hiddenSize: 4096,
  intermediateSize: 11_008,
  attentionHeads: 32,
  keyValueHeads: 32,
  vocabularySize: 32_016,
  maxPositions: 16_384,
}
export const granite31_2b: ModelArchitecture = {
  ...decoder,
  name: 'granite-3.1-2b',
  modelType: 'granite',
  layers: 40,
  hiddenSize: 2048,
  intermediateSize: 8192,
  attentionHeads: 32,
  keyValueHeads: 8,
  headSize: 64,
  vocabularySize: 49_155,
  maxPositions: 131_072,
  tiedEmbeddings: true,
}
export const granite31_8b: ModelArchitecture = {
  ...decoder,
  name: 'granite-3.1-8b',
  modelType: 'granite',
  layers: 40,
  hiddenSize: 4096,
  intermediateSize: 12_800,
  attentionHeads: 32,
  keyValueHeads: 8,
  vocabularySize: 49_155,
  maxPositions: 131_072,
  tiedEmbeddings: true,
}
export const phi4: ModelArchitecture = {
  ...decoder,
  name: 'phi-4',
  modelType: 'phi3',
  layers: 40,
  hiddenSize: 5120,
  intermediateSize: 17_920,
  attentionHeads: 40,
  keyValueHeads: 10,
  vocabularySize: 100_352,
  maxPositions: 16_384,
}
export const gemma7b: ModelArchitecture = {
  ...decoder,
  name: 'gemma-7b',
  modelType: 'gemma',
  layers: 28,
  hiddenSize: 3072,
  intermediateSize: 24_576,
  attentionHeads: 16,
  keyValueHeads: 16,
  headSize: 256,
  vocabularySize: 256_000,
  maxPositions: 8192,
  tiedEmbeddings: true,
}

function gemma2(
  shape: Pick<
    ModelArchitecture,
    'name' | 'layers' | 'hiddenSize' | 'intermediateSize' | 'attentionHeads' | 'keyValueHeads' | 'headSize'
  >,
): ModelArchitecture {
  const { layers, hiddenSize } = shape
  return {
    ...decoder,
    modelType: 'gemma2',
    vocabularySize: 256_000,
    maxPositions: 8192,
    tiedEmbeddings: true,
    slidingWindow: { tokens: 4096, layers: Math.ceil(layers / 2) },
    otherParameters: 2 * layers * hiddenSize,
    ...shape,
  }
}

export const gemma2_2b = gemma2({
  name: 'gemma-2-2b',
  layers: 26,
  hiddenSize: 2304,
  intermediateSize: 9216,
  attentionHeads: 8,
  keyValueHeads: 4,
  headSize: 256,
})
export const gemma2_9b = gemma2({
  name: 'gemma-2-9b',
  layers: 42,
  hiddenSize: 3584,
  intermediateSize: 14_336,
  attentionHeads: 16,
  keyValueHeads: 8,
  headSize: 256,
})
export const gemma2_27b = gemma2({
  name: 'gemma-2-27b',
  layers: 46,
  hiddenSize: 4608,
  intermediateSize: 36_864,
  attentionHeads: 32,
  keyValueHeads: 16,
  headSize: 128,
})

interface Gemma3Shape
  extends Pick<
    ModelArchitecture,
    'name' | 'layers' | 'hiddenSize' | 'intermediateSize' | 'attentionHeads' | 'keyValueHeads' | 'headSize'
  > {
  readonly windowLayers: number
}

const visionTower = 417_000_000

function gemma3({ windowLayers, ...shape }: Gemma3Shape): ModelArchitecture {
  const norms = 2 * shape.layers * shape.hiddenSize
  return {
    ...decoder,
    modelType: 'gemma3',
    vocabularySize: 262_208,
    maxPositions: 131_072,
    tiedEmbeddings: true,
    queryKeyNorm: true,
    slidingWindow: { tokens: 1024, layers: windowLayers },
    otherParameters: norms + visionTower + 1152 * shape.hiddenSize,
    ...shape,
  }
}

export const gemma3_4b = gemma3({
  name: 'gemma-3-4b',
  layers: 34,
  hiddenSize: 2560,
  intermediateSize: 10_240,
  attentionHeads: 8,
  keyValueHeads: 4,
  headSize: 256,
  windowLayers: 29,
})
export const gemma3_12b = gemma3({
  name: 'gemma-3-12b',
  layers: 48,
  hiddenSize: 3840,
  intermediateSize: 15_360,
  attentionHeads: 16,
  keyValueHeads: 8,
  headSize: 256,
  windowLayers: 40,
})
export const gemma3_27b = gemma3({
  name: 'gemma-3-27b',
  layers: 62,
  hiddenSize: 5376,
  intermediateSize: 21_504,
  attentionHeads: 32,
  keyValueHeads: 16,
  headSize: 128,
  windowLayers: 52,
})

export const deepseekV2Lite: ModelArchitecture = {
  ...decoder,
  name: 'DeepSeek-V2-Lite',
  modelType: 'deepseek_v2',
  layers: 27,
  hiddenSize: 2048,
  intermediateSize: 10_944,
  attentionHeads: 16,
  keyValueHeads: 16,
  latentAttention: { kvLoraRank: 512, qkNopeHeadSize: 128, qkRopeHeadSize: 64, valueHeadSize: 128 },
  vocabularySize: 102_400,
  maxPositions: 163_840,
  experts: { count: 64, perToken: 6, intermediateSize: 1408, sharedIntermediateSize: 2816, denseLayers: 1 },
}
export const qwen3Next: ModelArchitecture = {
  ...decoder,
  name: 'Qwen3-Next-80B-A3B',
  modelType: 'qwen3_next',
  layers: 48,
  hiddenSize: 2048,
  intermediateSize: 5120,
  attentionHeads: 16,
  keyValueHeads: 2,
  headSize: 256,
  attentionGate: true,
  queryKeyNorm: true,
  linearAttentionLayers: 36,
  linearAttention: { keyHeads: 16, valueHeads: 32, keyHeadSize: 128, valueHeadSize: 128, convolutionSize: 4 },
  vocabularySize: 151_936,
  maxPositions: 262_144,
  experts: { count: 512, perToken: 10, intermediateSize: 512, sharedIntermediateSize: 512 },
}
export const mistral7bV01: ModelArchitecture = {
  ...decoder,
  name: 'Mistral-7B-v0.1',
  modelType: 'mistral',
  layers: 32,
  hiddenSize: 4096,
  intermediateSize: 14_336,
  attentionHeads: 32,
  keyValueHeads: 8,
  vocabularySize: 32_000,
  maxPositions: 32_768,
  slidingWindow: { tokens: 4096, layers: 32 },
}
