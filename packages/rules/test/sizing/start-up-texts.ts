/**
 * Start-up logs in the wordings of several versions. Figures come from logs that were posted in public, except in the
 * newest one, which is put together from the wordings; times, keys and paths are made up.
 */
export const startUpTexts = {
  /** V0 of 0.7, one GPU; the server stops. */
  v0Stops: `INFO 03-25 21:32:40 llm_engine.py:234] Initializing an LLM engine (v0.7.2) with config: model='meta-llama/Llama-3.1-8B-Instruct', speculative_config=None, dtype=torch.bfloat16, max_seq_len=131072, tensor_parallel_size=1, pipeline_parallel_size=1, quantization=None, enforce_eager=False, kv_cache_dtype=auto, enable_prefix_caching=False, chunked_prefill_enabled=True, 
INFO 03-25 21:32:47 model_runner.py:1116] Loading model weights took 14.9888 GB
INFO 03-25 21:32:48 worker.py:266] Memory profiling takes 0.71 seconds
INFO 03-25 21:32:48 worker.py:266] the current vLLM instance can use total_gpu_memory (22.07GiB) x gpu_memory_utilization (0.90) = 19.86GiB
INFO 03-25 21:32:48 worker.py:266] model weights take 14.99GiB; non_torch_memory takes 0.05GiB; PyTorch activation peak memory takes 0.22GiB; the rest of the memory reserved for KV Cache is 4.60GiB.
INFO 03-25 21:32:48 executor_base.py:108] # CUDA blocks: 2356, # CPU blocks: 2048
INFO 03-25 21:32:48 executor_base.py:113] Maximum concurrency for 131072 tokens per request: 0.29x
ERROR 03-25 21:32:48 engine.py:387] The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (37696). Try increasing \`gpu_memory_utilization\` or decreasing \`max_model_len\` when initializing the engine.
`,
  /** V0 of 0.6.4, whose figures are sums. */
  v0Sums: `INFO 04-28 04:07:43 api_server.py:585] vLLM API server version 0.6.4.post1
INFO 04-28 04:07:43 api_server.py:586] args: Namespace(host=None, port=8000, api_key='sk-made-up-secret', model='facebook/opt-1.3b', max_model_len=2048, gpu_memory_utilization=0.9, max_num_seqs=256, enforce_eager=False, enable_chunked_prefill=None)
INFO 04-28 04:07:51 model_runner.py:1077] Loading model weights took 2.0512 GB
INFO 04-28 04:07:51 worker.py:232] Memory profiling results: total_gpu_memory=139.80GiB initial_memory_usage=2.71GiB peak_torch_memory=2.38GiB memory_usage_post_profile=2.81GiB non_torch_memory=0.73GiB kv_cache_size=122.71GiB gpu_memory_utilization=0.90
INFO 04-28 04:07:52 gpu_executor.py:113] # GPU blocks: 365549, # CPU blocks: 11915
INFO 04-28 04:07:52 gpu_executor.py:117] Maximum concurrency for 2048 tokens per request: 2855.85x
`,
  /** V1 of 0.10.2 with several workers, colours and container times. */
  v1Workers: `2025-09-24T20:52:00Z (APIServer pid=1) INFO 09-24 20:52:00 [utils.py:233] non-default args: {'model_tag': '/models/models--Qwen--Qwen3-235B-A22B-Instruct-2507-FP8/snapshots', 'max_model_len': 32768, 'tensor_parallel_size': 8, 'enable_expert_parallel': True, 'max_num_seqs': 256, 'api_key': ['sk-made-up-secret']}
2025-09-24T20:52:10Z \u001b[1;36m(EngineCore_DP0 pid=1944)\u001b[0;0m INFO 09-24 20:52:10 [core.py:77] Initializing a V1 LLM engine (v0.10.2) with config: model='/models/models--Qwen--Qwen3-235B-A22B-Instruct-2507-FP8/snapshots', dtype=torch.bfloat16, max_seq_len=32768, tensor_parallel_size=8, pipeline_parallel_size=1, quantization=fp8, enforce_eager=False, kv_cache_dtype=auto, enable_prefix_caching=True, chunked_prefill_enabled=True,
2025-09-24T20:53:41Z (Worker_TP3_EP3 pid=2081) INFO 09-24 20:53:41 [gpu_worker.py:298] Available KV cache memory: 10.65 GiB
2025-09-24T20:53:41Z (Worker_TP0_EP0 pid=2078) INFO 09-24 20:53:41 [gpu_worker.py:298] Available KV cache memory: 10.68 GiB
2025-09-24T20:53:41Z (EngineCore_DP0 pid=1944) INFO 09-24 20:53:41 [kv_cache_utils.py:864] GPU KV cache size: 238,208 tokens
2025-09-24T20:53:41Z (EngineCore_DP0 pid=1944) INFO 09-24 20:53:41 [kv_cache_utils.py:868] Maximum concurrency for 32,768 tokens per request: 7.27x
2025-09-24T20:54:35Z (Worker_TP2_EP2 pid=2080) INFO 09-24 20:54:35 [gpu_worker.py:391] Free memory on device (43.93/44.42 GiB) on startup. Desired GPU memory utilization is (0.9, 39.98 GiB). Actual usage is 27.72 GiB for weight, 1.4 GiB for peak activation, 0.21 GiB for non-torch memory, and 3.45 GiB for CUDAGraph memory. Replace gpu_memory_utilization config with \`--kv-cache-memory=7564378828\` to fit into requested memory.
2025-09-24T20:54:36Z (Worker_TP0_EP0 pid=2078) INFO 09-24 20:54:36 [gpu_worker.py:391] Free memory on device (43.93/44.42 GiB) on startup. Desired GPU memory utilization is (0.9, 39.98 GiB). Actual usage is 27.72 GiB for weight, 1.4 GiB for peak activation, 0.18 GiB for non-torch memory, and 3.45 GiB for CUDAGraph memory.
`,
  /** V1 of 0.19 with debug lines. */
  v1Debug: `(APIServer pid=1) INFO 04-22 00:16:12 [entrypoints/utils.py:299]  ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.19.0
(APIServer pid=1) INFO 04-22 00:16:12 [entrypoints/utils.py:233] non-default args: {'model_tag': 'meta-llama/Llama-3.1-8B-Instruct', 'model': 'meta-llama/Llama-3.1-8B-Instruct', 'max_model_len': 8192, 'gpu_memory_utilization': 0.95, 'enable_prefix_caching': False}
(APIServer pid=1) DEBUG 04-22 00:16:13 [engine/arg_utils.py:2232] Defaulting max_num_batched_tokens to 8192 for OPENAI_API_SERVER usage context.
(APIServer pid=1) DEBUG 04-22 00:16:13 [engine/arg_utils.py:2242] Defaulting max_num_seqs to 1024 for OPENAI_API_SERVER usage context.
(EngineCore pid=245) INFO 04-22 00:16:25 [v1/engine/core.py:105] Initializing a V1 LLM engine (v0.19.0) with config: model='meta-llama/Llama-3.1-8B-Instruct', dtype=torch.bfloat16, max_seq_len=8192, tensor_parallel_size=1, pipeline_parallel_size=1, data_parallel_size=1, quantization=None, enforce_eager=False, kv_cache_dtype=auto, enable_prefix_caching=False, enable_chunked_prefill=True,
(EngineCore pid=245) INFO 04-22 00:16:40 [gpu_model_runner.py:4959] Model loading took 14.99 GiB memory and 14.429680 seconds
(EngineCore pid=245) DEBUG 04-22 00:17:00 [v1/worker/gpu_worker.py:450] Initial free memory: 78.66 GiB; Requested memory: 0.95 (util), 75.23 GiB
(EngineCore pid=245) DEBUG 04-22 00:17:00 [v1/worker/gpu_worker.py:461] Memory profiling takes 17.96 seconds. Total non KV cache memory: 17.12GiB; torch peak memory increase: 1.89GiB; non-torch forward increase memory: 0.25GiB; weights memory: 14.99GiB.
(EngineCore pid=245) INFO 04-22 00:17:00 [v1/worker/gpu_worker.py:462] Available KV cache memory: 58.11 GiB
(EngineCore pid=245) INFO 04-22 00:17:00 [v1/core/kv_cache_utils.py:1710] GPU KV cache size: 476,000 tokens
(EngineCore pid=245) INFO 04-22 00:17:00 [v1/core/kv_cache_utils.py:1711] Maximum concurrency for 8,192 tokens per request: 58.11x
(EngineCore pid=245) INFO 04-22 00:17:10 [gpu_worker.py:621] CUDA graph pool memory: 0.91 GiB (actual), 0.84 GiB (estimated), difference: 0.07 GiB (7.7%).
`,
  /** V1 of 0.28: cache and concurrency in one line, consumed memory as a sum. */
  v1Newest: `(EngineCore pid=7) INFO 09-24 12:00:00 [core.py:129] Initializing a V1 LLM engine (v0.28.0) with config: model='Qwen/Qwen3-8B', dtype=torch.bfloat16, max_seq_len=32768, tensor_parallel_size=1, quantization=None, kv_cache_dtype=auto, enforce_eager=False,
(EngineCore pid=7) INFO 09-24 12:00:20 [model_runner.py:305] Model loading took 15.27 GiB memory and 17.888750 seconds
(EngineCore pid=7) INFO 09-24 12:00:30 [gpu_model_runner.py:6517] Estimated CUDA graph memory: 0.53 GiB total
(EngineCore pid=7) INFO 09-24 12:00:30 [gpu_worker.py:480] Available KV cache memory: 24.12 GiB
(EngineCore pid=7) INFO 09-24 12:00:30 [kv_cache_utils.py:2395] GPU KV cache size: 175,632 tokens, Maximum concurrency for 32,768 tokens per request: 5.36x
(EngineCore pid=7) INFO 09-24 12:00:40 [gpu_worker.py:857] Free memory on device (43.9/44.39 GiB) on startup. Desired GPU memory utilization is (0.92, 40.84 GiB). Actual usage is 15.52 GiB for consumed memory (weights + non-torch), 1.2 GiB for peak activation, and 0.6 GiB for CUDAGraph memory. Current kv cache memory in use is 24.12 GiB.
`,
} as const
