import fc from 'fast-check'

/** Questions about models of several kinds, on cards and versions of several kinds; some have no answer. */
export const arbitraryQuestions = fc.record({
  model: fc.constantFrom(
    'llama-3.1-8b',
    'codestral-22b-v0.1',
    'llama-3.1-70b',
    'code-llama-13b',
    'gemma-4-31b-it',
    'qwen3.6-35b-a3b',
  ),
  gpu: fc.constantFrom('t4', 'a10g', 'rtx-3090', 'l40s', 'a100-40gb', 'a100-80gb', 'h100-80gb'),
  tensorParallelSize: fc.constantFrom(1, 2, 3, 4, 8),
  vllmVersion: fc.constantFrom('0.6.6', '0.8.5', '0.11.0', '0.19.0', '0.22.0'),
  dtype: fc.constant('half' as const),
})
