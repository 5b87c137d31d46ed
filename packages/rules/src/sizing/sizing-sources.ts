import { deepFreeze } from '../catalog/deep-freeze.js'
import type { FactReference } from '../finding.js'

/** Where the formulas of the memory estimate stand, and what their constants were read from. */
export const memorySources: readonly FactReference[] = deepFreeze([
  {
    source: 'vllm-source',
    title: 'vLLM source: memory profiling, KV cache specifications, default batch sizes',
    url: 'https://github.com/vllm-project/vllm',
    heading: 'vllm/v1/worker/gpu_worker.py, vllm/v1/core/kv_cache_utils.py, vllm/engine/arg_utils.py',
  },
  {
    source: 'llm-d-planner-accuracy',
    title: 'llm-d-planner: start-up logs of vLLM 0.15 to 0.19 on H100, and their evaluation',
    url: 'https://github.com/llm-d-incubation/llm-d-planner',
    heading: 'docs/accuracy/vllm-v0.19.0-accuracy-report.md',
  },
  {
    source: 'vllm-start-up-logs',
    title: 'Start-up logs of vLLM 0.6 to 0.11 in public issues, pull requests and notebooks',
    url: 'https://github.com/vllm-project/vllm/issues',
  },
])

/** What the refusals rest on. */
export const refusalSources: readonly FactReference[] = memorySources.slice(0, 1)
