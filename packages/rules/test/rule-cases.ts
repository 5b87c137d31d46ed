/** For each rule a configuration that it passes and one that it fails. */
export interface RuleCase {
  readonly passes: unknown
  readonly fails: unknown
}

const vllm = (extra: object = {}) => ({
  platform: 'vllm',
  model: 'codestral-22b-v0.1',
  endpoint: 'http://gpu-1:8000/v1',
  ...extra,
})
const hardware = (model: string, facts: object) => vllm({ model, hardware: facts })
const routed = (feature: string, model: string, gitlab?: object) => ({
  ...(gitlab === undefined ? {} : { gitlab }),
  deployments: { one: vllm({ model }) },
  features: { [feature]: 'one' },
})
const a100 = (gpuCount: number, gpu = 'a100-80gb') => ({ gpu, gpuCount })

/** The cases, by rule id. */
export const ruleCases: Readonly<Record<string, RuleCase>> = {
  'version-newer-than-data': { passes: { gitlab: { version: '18.2.5' } }, fails: { gitlab: { version: '99.0' } } },
  'version-older-than-data': { passes: { gitlab: { version: '18.2' } }, fails: { gitlab: { version: '16.0' } } },
  'model-not-listed': { passes: vllm(), fails: vllm({ model: 'codestral-22b-v0.9' }) },
  'platform-unknown': { passes: vllm(), fails: vllm({ platform: 'vlm' }) },
  'platform-not-listed-for-model': { passes: vllm(), fails: vllm({ model: 'gpt-4o' }) },
  'model-experimental': { passes: vllm(), fails: vllm({ model: 'codegemma-2b' }) },
  'feature-not-compatible': { passes: routed('duo-chat', 'llama-3.1-70b'), fails: routed('duo-chat', 'llama-3-70b') },
  'feature-largely-compatible': {
    passes: routed('duo-chat', 'llama-3.1-70b'),
    fails: routed('duo-chat', 'llama-3.1-8b'),
  },
  'feature-not-applicable': {
    passes: routed('code-completion', 'codestral-22b-v0.1'),
    fails: routed('duo-chat', 'codestral-22b-v0.1'),
  },
  'feature-not-offered': {
    passes: routed('code-completion', 'codegemma-2b'),
    fails: routed('code-generation', 'codegemma-2b'),
  },
  'feature-not-in-version': {
    passes: routed('review_merge_request', 'llama-3.1-70b'),
    fails: routed('review_merge_request', 'llama-3.1-70b', { version: '18.2' }),
  },
  'feature-not-documented': {
    passes: routed('duo_chat', 'llama-3.1-70b'),
    fails: routed('generate_commit_message', 'llama-3.1-70b'),
  },
  'feature-judged-by-column': {
    passes: routed('duo-chat', 'llama-3.1-70b'),
    fails: routed('duo_chat_fix_code', 'llama-3.1-70b'),
  },
  'feature-unknown': { passes: routed('duo-chat', 'llama-3.1-70b'), fails: routed('duo-chats', 'llama-3.1-70b') },
  'deployment-unknown': {
    passes: routed('duo-chat', 'llama-3.1-70b'),
    fails: { deployments: { one: vllm() }, features: { 'code-completion': ['one', 'two'] } },
  },
  'endpoint-scheme-not-http': { passes: vllm(), fails: vllm({ endpoint: 'ftp://gpu-1/v1' }) },
  'endpoint-missing-v1': { passes: vllm(), fails: vllm({ endpoint: 'http://gpu-1:8000' }) },
  'endpoint-has-operation-path': { passes: vllm(), fails: vllm({ endpoint: 'http://gpu-1:8000/v1/chat/completions' }) },
  'endpoint-trailing-slash': { passes: vllm(), fails: vllm({ endpoint: 'http://gpu-1:8000/v1/' }) },
  'vllm-below-minimum': {
    passes: vllm({ server: { version: '0.10.0' } }),
    fails: vllm({ server: { version: '0.6.4' } }),
  },
  'vram-below-minimum': {
    passes: hardware('codestral-22b-v0.1', a100(2)),
    fails: hardware('codestral-22b-v0.1', a100(1)),
  },
  'gpu-below-minimum': {
    passes: hardware('mixtral-8x22b-it-v0.1', a100(8)),
    fails: hardware('mixtral-8x22b-it-v0.1', a100(7)),
  },
  'hardware-source-conflict': {
    passes: hardware('mixtral-8x7b-it-v0.1', a100(3)),
    fails: hardware('mixtral-8x7b-it-v0.1', a100(2)),
  },
  'hardware-requirement-not-documented': {
    passes: hardware('codestral-22b-v0.1', a100(2)),
    fails: hardware('llama-3.1-70b', a100(2)),
  },
  'hardware-not-applicable': {
    passes: vllm({ hardware: { ramGB: 64 } }),
    fails: {
      platform: 'azure-openai',
      model: 'gpt-4o',
      endpoint: 'https://example.openai.azure.com',
      deployment: 'gpt-4o',
      hardware: { ramGB: 64 },
    },
  },
  'gpu-unknown': { passes: vllm({ hardware: a100(2) }), fails: vllm({ hardware: a100(2, 'a100-81gb') }) },
  'cpu-below-minimum': { passes: vllm({ hardware: { cpuCores: 8 } }), fails: vllm({ hardware: { cpuCores: 7 } }) },
  'cpu-below-recommended': {
    passes: vllm({ hardware: { cpuCores: 16 } }),
    fails: vllm({ hardware: { cpuCores: 15 } }),
  },
  'ram-below-minimum': { passes: vllm({ hardware: { ramGB: 32 } }), fails: vllm({ hardware: { ramGB: 31 } }) },
  'ram-below-recommended': { passes: vllm({ hardware: { ramGB: 64 } }), fails: vllm({ hardware: { ramGB: 63 } }) },
  'tensor-parallel-exceeds-gpus': {
    passes: vllm({ server: { tensorParallelSize: 2 }, hardware: { gpuCount: 2 } }),
    fails: vllm({ server: { tensorParallelSize: 4 }, hardware: { gpuCount: 2 } }),
  },
}
