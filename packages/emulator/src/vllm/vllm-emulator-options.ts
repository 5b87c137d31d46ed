import type { CommonEmulatorOptions } from '../common-emulator-options.js'
import type { SchedulingPolicy } from '../engine/simulated-engine.js'

/** How to start an emulated vLLM server. Everything but `platform` has a default. */
export interface VllmEmulatorOptions extends CommonEmulatorOptions {
  /** Speaks the protocol of the vLLM OpenAI-compatible server. */
  readonly platform: 'vllm'
  /** Hugging Face id of the model that is pretended to run. Default: `mistralai/Mistral-7B-Instruct-v0.3`. */
  readonly model?: string | undefined
  /** The name or names the server answers to (`--served-model-name`). Default: `model`. */
  readonly servedModelName?: string | readonly string[] | undefined
  /** The vLLM release to behave like, as PEP 440. Default: `0.11.0`. */
  readonly version?: string | undefined
  /**
   * Cloud machine of the rules' catalog that the model is pretended to run on, such as `a2-ultragpu-8g`, with the model
   * split over its GPUs: it decides how fast tokens come and how many fit into the cache. A model that the catalog does
   * not know, or that does not fit, is an `invalid-option` error then.
   *
   * Default: the smallest of the documented machines that can serve the model; where none can, or the model is not
   * known, the pace of Mistral 7B on the documented small machine, two A100 40 GB.
   */
  readonly machine?: string | undefined
  /**
   * Longest prompt and output together, in tokens (`--max-model-len`). Default: 32,768, or what the model was made for if
   * that is less.
   */
  readonly maxModelLength?: number | undefined
  /** Requests in one step (`--max-num-seqs`); further ones wait. Default: vLLM's for `version` and the GPU, such as 256. */
  readonly maxNumSeqs?: number | undefined
  /** Tokens in one step (`--max-num-batched-tokens`). Default: vLLM's for `version` and the GPU, such as 2048. */
  readonly maxNumBatchedTokens?: number | undefined
  /** Share of each GPU that vLLM may use (`--gpu-memory-utilization`), above 0 and up to 1. Default: vLLM's, 0.9 or 0.92. */
  readonly gpuMemoryUtilization?: number | undefined
  /** `--scheduling-policy`. With `priority`, requests with a lower `priority` in their body go first. Default: `fcfs`. */
  readonly schedulingPolicy?: SchedulingPolicy | undefined
  /** Whether prompts that begin alike share cache (`--enable-prefix-caching`). Default: vLLM's: from 0.8.0 on, yes. */
  readonly enablePrefixCaching?: boolean | undefined
  /** Whether `tool_choice: "auto"` works (`--enable-auto-tool-choice --tool-call-parser`). Default: `false`. */
  readonly autoToolChoice?: boolean | undefined
}
