import type { MemoryInput } from '../../src/index.js'
import * as shapes from './architectures.js'

/** Figures that vLLM printed at start on a real machine, with the settings it printed them for. */
export interface StartUpLog {
  /** Model, GPU and version. */
  readonly name: string
  /** Where the log was posted, in words. */
  readonly source: string
  /** What a user would have said beforehand. */
  readonly input: MemoryInput
  /** Per GPU, GiB and tokens. */
  readonly logged: Partial<
    Record<
      | 'weightsGiB'
      | 'activationGiB'
      | 'nonTorchGiB'
      | 'kvCacheGiB'
      | 'kvCacheTokens'
      | 'kvCacheBlocks'
      | 'maxConcurrency',
      number
    >
  >
  /** Why a figure is not held to the usual tolerance. */
  readonly doubt?: string
}

const llama8b = 'llama-3.1-8b'

const planner010 = {
  source: 'llm-d planner, empirical memory results, one H100 or two, vLLM 0.10',
  base: { gpu: 'h100-80gb', vllmVersion: '0.10.1', maxModelLength: 16_000 },
}

const planner019 = {
  source: 'llm-d planner, accuracy report of vLLM 0.19.0 on H100, and its start-up logs',
  base: {
    gpu: 'h100-80gb',
    gpuTotalGiB: 79.19,
    gpuMemoryUtilization: 0.95,
    vllmVersion: '0.19.0',
    maxModelLength: 8192,
  },
} as const

const versions = 'llm-d planner, accuracy report, comparison of vLLM 0.15 to 0.19 with one model'

/** Logs of V0, and of V1 up to 0.16, where sampling sorts. */
const sorting: readonly StartUpLog[] = [
  {
    name: 'Llama 3.1 8B, A100 40 GB, V1',
    source: 'a notebook with vLLM 0.10.1; the memory of the card is not in the log',
    input: { model: llama8b, gpu: 'a100-40gb', vllmVersion: '0.10.1' },
    logged: { kvCacheGiB: 19.25, kvCacheTokens: 157_648 },
  },
  {
    name: 'Llama 3.1 8B, H100, V1',
    source: planner010.source,
    input: { ...planner010.base, model: llama8b },
    logged: { weightsGiB: 14.99, activationGiB: 4.76, nonTorchGiB: 0.13, kvCacheTokens: 420_904 },
  },
  {
    name: 'Llama 3.3 70B FP8, two H100, V1',
    source: planner010.source,
    input: { ...planner010.base, model: 'llama-3.3-70b', quantization: 'fp8', tensorParallelSize: 2 },
    logged: { weightsGiB: 33.86, activationGiB: 4.84, nonTorchGiB: 0.55, kvCacheTokens: 209_715 },
  },
  {
    name: 'Qwen3 32B, H100, V1',
    source: planner010.source,
    input: { ...planner010.base, architecture: shapes.qwen3_32b },
    logged: { weightsGiB: 61.03, activationGiB: 5.64, kvCacheTokens: 18_227 },
  },
  {
    name: 'Qwen3 32B, two H100, V1',
    source: planner010.source,
    input: { ...planner010.base, architecture: shapes.qwen3_32b, tensorParallelSize: 2 },
    logged: { weightsGiB: 30.52, activationGiB: 5.64, nonTorchGiB: 0.55, kvCacheTokens: 282_542 },
  },
  {
    name: 'Qwen3 0.6B, H100, V1',
    source: planner010.source,
    input: { ...planner010.base, architecture: shapes.qwen3_0_6b },
    logged: { weightsGiB: 1.12, activationGiB: 5.56, kvCacheTokens: 603_399 },
  },
  {
    name: 'Qwen3 8B, A6000, V1',
    source: 'a debug log of vLLM 0.15 with all parts of the memory',
    input: {
      architecture: shapes.qwen3_8b,
      gpu: 'rtx-a6000',
      gpuTotalGiB: 47.37,
      vllmVersion: '0.15.0',
      maxModelLength: 16_384,
    },
    logged: { weightsGiB: 15.27, activationGiB: 1.4, kvCacheGiB: 25.94, kvCacheTokens: 188_864, maxConcurrency: 11.53 },
  },
  {
    name: 'Qwen3 8B in FP8, RTX 4090, V1',
    source: 'a debug log of vLLM 0.10.2 in a public notebook',
    input: {
      architecture: shapes.qwen3_8b,
      quantization: 'fp8',
      gpu: 'rtx-4090',
      gpuTotalGiB: 23.52,
      gpuMemoryUtilization: 0.8,
      vllmVersion: '0.10.2',
      maxModelLength: 1024,
    },
    logged: { weightsGiB: 8.8, activationGiB: 1.4, kvCacheGiB: 8.6, kvCacheTokens: 62_608, maxConcurrency: 61.14 },
  },
  {
    name: 'Qwen3 235B FP8, eight L40S, V1',
    source: 'a public deployment note with vLLM 0.10.2',
    input: {
      architecture: shapes.qwen3_235bFp8,
      gpu: 'l40s',
      gpuTotalGiB: 44.42,
      tensorParallelSize: 8,
      enableExpertParallel: true,
      vllmVersion: '0.10.2',
      maxModelLength: 32_768,
    },
    logged: { weightsGiB: 27.72, activationGiB: 1.4, kvCacheGiB: 10.68, kvCacheTokens: 238_208, maxConcurrency: 7.27 },
  },
  {
    name: 'Llama 3.2 1B with the FlashInfer sampler, L40S, V1',
    source: 'a public log of vLLM 0.10.0 with debug lines',
    input: {
      architecture: shapes.llama32_1b,
      gpu: 'l40s',
      gpuTotalGiB: 44.31,
      flashInferSampler: true,
      vllmVersion: '0.10.0',
    },
    logged: { weightsGiB: 2.32, activationGiB: 0.45, kvCacheGiB: 37.1, kvCacheTokens: 1_215_552, maxConcurrency: 9.27 },
  },
  {
    name: 'Qwen3 30B A3B, four cards of 22 GB without NVLink, V0',
    source: 'a public issue; the cards report 21.66 GiB',
    input: {
      architecture: shapes.qwen3_30bA3b,
      gpu: 'rtx-3090',
      gpuTotalGiB: 21.66,
      tensorParallelSize: 4,
      gpuMemoryUtilization: 0.92,
      vllmVersion: '0.8.5',
      engine: 'v0',
      enableChunkedPrefill: true,
    },
    logged: { kvCacheTokens: 177_821 },
  },
  {
    name: 'Llama 3.1 8B, L40S, V1 of 0.8',
    source: 'a public issue of the time when V1 ran 1024 requests on every card; utilisation not in the log',
    input: { model: llama8b, gpu: 'l40s', vllmVersion: '0.8.2' },
    logged: { kvCacheTokens: 158_656 },
  },
  {
    name: 'Llama 3.1 8B, A100 80 GB, V0',
    source: 'the log printed in a book on serving, vLLM 0.6.6',
    input: { model: llama8b, gpu: 'a100-80gb', gpuTotalGiB: 79.14, vllmVersion: '0.6.6' },
    logged: { weightsGiB: 14.99, activationGiB: 1.19, kvCacheGiB: 54.93, kvCacheTokens: 449_986 },
  },
  {
    name: 'Qwen2.5 Math 1.5B, A10G, V0',
    source: 'a public log of vLLM 0.7',
    input: { architecture: shapes.qwen25_1_5b, gpu: 'a10g', vllmVersion: '0.7.2', maxModelLength: 4096 },
    logged: { weightsGiB: 2.88, activationGiB: 1.4, kvCacheGiB: 15.52, kvCacheTokens: 581_312, maxConcurrency: 141.92 },
  },
  {
    name: 'Qwen2.5 Math 1.5B, L40S, V0',
    source: 'a public log of vLLM 0.7',
    input: {
      architecture: shapes.qwen25_1_5b,
      gpu: 'l40s',
      gpuMemoryUtilization: 0.85,
      vllmVersion: '0.7.2',
      maxModelLength: 4096,
    },
    logged: { kvCacheTokens: 1_249_840 },
  },
  {
    name: 'R1 Distill Qwen 7B, V100 32 GB, V0',
    source: 'a public log of vLLM 0.7',
    input: {
      architecture: shapes.r1DistillQwen7b,
      gpu: 'v100-32gb',
      dtype: 'half',
      vllmVersion: '0.7.2',
      maxModelLength: 2048,
    },
    logged: { weightsGiB: 14.27, activationGiB: 1.4, kvCacheGiB: 12.8, kvCacheTokens: 239_744, maxConcurrency: 117.06 },
  },
  {
    name: 'Qwen2.5 7B, V100 32 GB, whole context, V0',
    source: 'an article on the memory of vLLM 0.8.5',
    input: { architecture: shapes.qwen25_7b, gpu: 'v100-32gb', dtype: 'half', vllmVersion: '0.8.5' },
    logged: { weightsGiB: 14.25, activationGiB: 4.35, kvCacheGiB: 9.88, kvCacheTokens: 184_998 },
  },
  {
    name: 'Qwen2.5 1.5B, T4, whole context, V0',
    source: 'public notebooks with vLLM 0.7',
    input: {
      architecture: shapes.qwen25_1_5b,
      gpu: 't4',
      dtype: 'half',
      gpuMemoryUtilization: 0.5,
      vllmVersion: '0.7.2',
    },
    logged: { weightsGiB: 2.89, activationGiB: 2.02, kvCacheGiB: 2.36, kvCacheTokens: 88_272, maxConcurrency: 2.69 },
  },
  {
    name: 'Llama 3.1 8B, RTX 3090, 20,000 tokens, V0',
    source: 'vllm#10517',
    input: { model: llama8b, gpu: 'rtx-3090', vllmVersion: '0.6.6', maxModelLength: 20_000 },
    logged: { kvCacheTokens: 31_232 },
  },
  {
    name: 'Llama 3.1 8B, RTX 3090, 29,000 tokens, V0',
    source: 'vllm#10517',
    input: { model: llama8b, gpu: 'rtx-3090', vllmVersion: '0.6.6', maxModelLength: 29_000 },
    logged: { kvCacheTokens: 23_648 },
  },
  ...(['0.15.0', '0.16.0'] as const).map((vllmVersion) => ({
    name: `Qwen3 14B, H100, V1 of ${vllmVersion}`,
    source: versions,
    input: { ...planner019.base, architecture: shapes.qwen3_14b, vllmVersion },
    logged: { weightsGiB: 27.52, activationGiB: 5.64, kvCacheGiB: 41.94, maxConcurrency: 33.55 },
  })),
]

function of019(name: string, input: MemoryInput, logged: StartUpLog['logged']): StartUpLog {
  return { name: `${name}, H100, 0.19`, source: planner019.source, input: { ...planner019.base, ...input }, logged }
}

/** Logs from 0.17 on, where sampling does not sort. */
const withoutSorting: readonly StartUpLog[] = [
  {
    name: 'Qwen3 14B, H100, 0.17',
    source: versions,
    input: { ...planner019.base, architecture: shapes.qwen3_14b, vllmVersion: '0.17.0' },
    logged: { weightsGiB: 27.52, activationGiB: 2.23, nonTorchGiB: 0.13, kvCacheGiB: 45.34, maxConcurrency: 36.27 },
  },
  {
    name: 'Qwen3 14B, H100, 0.18',
    source: versions,
    input: { ...planner019.base, architecture: shapes.qwen3_14b, vllmVersion: '0.18.0' },
    logged: { weightsGiB: 27.52, activationGiB: 2.23, nonTorchGiB: 0.25, kvCacheGiB: 45.23, maxConcurrency: 36.18 },
  },
  of019(
    'Llama 3.1 8B',
    { model: llama8b },
    { weightsGiB: 14.99, activationGiB: 1.89, nonTorchGiB: 0.25, kvCacheGiB: 58.11, kvCacheTokens: 476_000 },
  ),
  of019(
    'Llama 3.1 8B, context 32,768',
    { model: llama8b, maxModelLength: 32_768 },
    { kvCacheGiB: 58.11, kvCacheTokens: 476_016 },
  ),
  of019(
    'Llama 3.1 8B, fp8 cache',
    { model: llama8b, kvCacheDtype: 'fp8' },
    { kvCacheGiB: 58.11, kvCacheTokens: 952_032 },
  ),
  of019(
    'Llama 3.1 8B, float32',
    { model: llama8b, dtype: 'float32' },
    { weightsGiB: 29.98, activationGiB: 2.21, kvCacheGiB: 42.8, kvCacheTokens: 175_296 },
  ),
  of019(
    'Llama 3.1 8B, FP8 at start',
    { model: llama8b, quantization: 'fp8' },
    { weightsGiB: 8.49, activationGiB: 1.89, kvCacheGiB: 64.61 },
  ),
  of019(
    'Llama 3.1 8B, two GPUs',
    { model: llama8b, tensorParallelSize: 2 },
    { weightsGiB: 7.51, activationGiB: 1.89, nonTorchGiB: 2.07 },
  ),
  of019(
    'Llama 3.1 8B, four GPUs',
    { model: llama8b, tensorParallelSize: 4 },
    { weightsGiB: 3.77, activationGiB: 1.89, nonTorchGiB: 2.13 },
  ),
  of019('Llama 3.1 8B, two stages', { model: llama8b, pipelineParallelSize: 2 }, { weightsGiB: 7.51 }),
  of019('Llama 3.1 8B, four stages', { model: llama8b, pipelineParallelSize: 4 }, { weightsGiB: 4.26 }),
  of019(
    'Qwen2.5 7B',
    { architecture: shapes.qwen25_7b },
    { weightsGiB: 14.25, activationGiB: 2.21, nonTorchGiB: 0.24, kvCacheGiB: 58.53, kvCacheTokens: 1_096_000 },
  ),
  of019(
    'Qwen2.5 7B, fp8 cache',
    { architecture: shapes.qwen25_7b, kvCacheDtype: 'fp8' },
    { kvCacheGiB: 58.53, kvCacheTokens: 2_192_000 },
  ),
  of019(
    'Qwen2.5 7B, two GPUs',
    { architecture: shapes.qwen25_7b, tensorParallelSize: 2 },
    { weightsGiB: 7.12, activationGiB: 2.21, nonTorchGiB: 2.06 },
  ),
  of019(
    'Qwen2.5 7B, four GPUs',
    { architecture: shapes.qwen25_7b, tensorParallelSize: 4 },
    { weightsGiB: 3.55, activationGiB: 2.21, nonTorchGiB: 2.13 },
  ),
  of019('Qwen2.5 72B, two GPUs', { architecture: shapes.qwen25_72b, tensorParallelSize: 2 }, { activationGiB: 2.29 }),
  of019(
    'Llama 3.3 70B FP8, two GPUs',
    { model: 'llama-3.3-70b', quantization: 'fp8', tensorParallelSize: 2 },
    { activationGiB: 1.96 },
  ),
  of019('Qwen3 8B', { architecture: shapes.qwen3_8b }, { activationGiB: 2.21, nonTorchGiB: 0.25 }),
  of019('Qwen3 30B A3B', { architecture: shapes.qwen3_30bA3b }, { activationGiB: 2.68 }),
  of019('Qwen1.5 MoE', { architecture: shapes.qwen15Moe }, { activationGiB: 2.47 }),
  of019(
    'Mixtral 8x7B, two GPUs',
    { model: 'mixtral-8x7b-it-v0.1', tensorParallelSize: 2 },
    { activationGiB: 1.21, nonTorchGiB: 2.07 },
  ),
  of019('DeepSeek V2 Lite', { architecture: shapes.deepseekV2Lite }, { activationGiB: 1.93 }),
  of019(
    'gpt-oss 20B, two GPUs',
    { model: 'gpt-oss-20b', tensorParallelSize: 2, gpuMemoryUtilization: 0.9 },
    { activationGiB: 2.87, nonTorchGiB: 2.07 },
  ),
  of019('CodeLlama 7B', { architecture: shapes.codeLlama7b }, { activationGiB: 0.77 }),
  of019('Granite 3.1 2B', { architecture: shapes.granite31_2b }, { activationGiB: 0.75 }),
  of019('Granite 3.1 8B', { architecture: shapes.granite31_8b }, { activationGiB: 0.85 }),
  of019('phi-4', { architecture: shapes.phi4 }, { activationGiB: 1.52 }),
  of019('Gemma 7B', { architecture: shapes.gemma7b }, { activationGiB: 3.63 }),
  of019('Gemma 2 2B', { architecture: shapes.gemma2_2b }, { activationGiB: 3.62 }),
  of019('Gemma 2 9B', { architecture: shapes.gemma2_9b }, { activationGiB: 3.65 }),
  of019('Gemma 2 27B', { architecture: shapes.gemma2_27b }, { activationGiB: 3.66 }),
  of019('Gemma 3 4B', { architecture: shapes.gemma3_4b }, { activationGiB: 3.89 }),
  of019('Gemma 3 12B', { architecture: shapes.gemma3_12b }, { activationGiB: 3.94 }),
  of019('Gemma 3 27B', { architecture: shapes.gemma3_27b }, { activationGiB: 3.99 }),
  of019('Mistral Small 24B', { model: 'mistral-small-24b-instruct-2506' }, { weightsGiB: 44.76, activationGiB: 2.03 }),
  {
    name: 'Granite 3.3 2B, L40S',
    source: 'a start-up line quoted in the documentation of a project that shares GPUs among servers',
    input: { architecture: shapes.granite31_2b, gpu: 'l40s', gpuMemoryUtilization: 0.8, vllmVersion: '0.17.1' },
    logged: { weightsGiB: 4.74, activationGiB: 0.23, kvCacheGiB: 30.53 },
  },
  {
    name: 'Qwen2.5 7B, RTX 4090, 0.22',
    source: 'exercises with a public log; CUDA graphs were estimated at 0.53 GiB',
    input: {
      architecture: shapes.qwen25_7b,
      gpu: 'rtx-4090',
      gpuTotalGiB: 23.52,
      gpuMemoryUtilization: 0.85,
      vllmVersion: '0.22.0',
      maxModelLength: 2048,
    },
    logged: { weightsGiB: 14.29, kvCacheGiB: 4.45, kvCacheTokens: 83_376, maxConcurrency: 40.71 },
  },
]

/** All logs that the estimate is compared with. */
export const startUpLogs: readonly StartUpLog[] = [...sorting, ...withoutSorting]

/** Logs that do not state what the estimate would need: shown, and held to nothing. */
export const incompleteLogs: readonly StartUpLog[] = [
  {
    name: 'Llama 3.1 8B, A10, whole context, V0',
    source: 'a public log of vLLM 0.7',
    input: { model: llama8b, gpu: 'a10g', gpuTotalGiB: 22.07, vllmVersion: '0.7.2' },
    logged: { weightsGiB: 14.99, activationGiB: 0.22, kvCacheTokens: 37_696 },
    doubt: 'an activation peak of 0.22 GiB means that few requests were allowed at once, which the log does not say',
  },
  {
    name: 'Qwen3 Next 80B, two H200, V1',
    source: 'a public log of vLLM 0.11',
    input: { architecture: shapes.qwen3Next, gpu: 'h200-141gb', tensorParallelSize: 2, vllmVersion: '0.11.0' },
    logged: { weightsGiB: 74.28, activationGiB: 5.58, nonTorchGiB: 1.38, kvCacheGiB: 44.59, maxConcurrency: 14.77 },
    doubt: 'kernels of linear attention take memory outside PyTorch',
  },
]
