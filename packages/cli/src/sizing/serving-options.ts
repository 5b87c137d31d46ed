import type { MemoryInput } from '@duo-models/rules'
import type { Command } from 'commander'
import { parseNumber } from '../parse-number.js'

/** Options of `vllm serve` that decide what fits, under vLLM's own names. */
export interface ServingOptions {
  readonly model?: string
  readonly config?: string
  readonly dtype?: string
  readonly quantization?: string
  readonly kvCacheDtype?: string
  readonly maxModelLen?: number
  readonly maxNumSeqs?: number
  readonly maxNumBatchedTokens?: number
  readonly gpuMemoryUtilization?: number
  readonly vllmVersion?: string
}

/** Adds the options to a command. */
export function defineServingOptions(command: Command): void {
  command
    .option('-m, --model <model>', 'catalog id, documented name or Hugging Face id')
    .option('--config <file>', 'config.json of any other model; - is standard input')
    .option('--dtype <dtype>', 'bfloat16, float16 or float32; what the weights are published in by default')
    .option('--quantization <method>', 'such as fp8, awq or gptq; as the weights are published by default')
    .option('--kv-cache-dtype <dtype>', 'auto or fp8', 'auto')
    .option('--max-model-len <tokens>', 'longest request, prompt and output together', parseNumber)
    .option('--max-num-seqs <number>', 'requests in one step', parseNumber)
    .option('--max-num-batched-tokens <number>', 'tokens in one step', parseNumber)
    .option('--gpu-memory-utilization <share>', 'share of the GPU that vLLM may use, 0 to 1', parseNumber)
    .option('--vllm-version <version>', 'version of vLLM, such as 0.8.5')
}

/** The settings that the options state, in the words of the rules. What is wrong with them is said there. */
export function readServingOptions(options: ServingOptions): MemoryInput {
  return {
    dtype: options.dtype as MemoryInput['dtype'],
    quantization: options.quantization,
    kvCacheDtype: options.kvCacheDtype as MemoryInput['kvCacheDtype'],
    maxModelLength: options.maxModelLen,
    maxNumSeqs: options.maxNumSeqs,
    maxNumBatchedTokens: options.maxNumBatchedTokens,
    gpuMemoryUtilization: options.gpuMemoryUtilization,
    vllmVersion: options.vllmVersion,
  }
}
