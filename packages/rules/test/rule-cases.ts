import { deploymentRuleCases } from './deployment-rule-cases.js'
import { gatewayRuleCases } from './gateway-rule-cases.js'

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
const bedrock = (extra: object = {}) => ({
  platform: 'bedrock',
  model: 'claude-3.7-sonnet',
  region: 'us-east-1',
  modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  ...extra,
})
const hardware = (model: string, facts: object) => vllm({ model, hardware: facts })
const routed = (feature: string, model: string, gitlab?: object) => ({
  ...(gitlab === undefined ? {} : { gitlab }),
  deployments: { one: vllm({ model }) },
  features: { [feature]: 'one' },
})
/** A deployment in a configuration that names the GitLab release. */
const at = (version: string, deployment: object, gitlab: object = {}) => ({
  gitlab: { version, ...gitlab },
  deployments: { one: deployment },
})
const a100 = (gpuCount: number, gpu = 'a100-80gb') => ({ gpu, gpuCount })

/** The cases, by rule id. */
export const ruleCases: Readonly<Record<string, RuleCase>> = {
  ...deploymentRuleCases,
  ...gatewayRuleCases,
  'version-newer-than-data': { passes: { gitlab: { version: '18.2.5' } }, fails: { gitlab: { version: '99.0' } } },
  'version-older-than-data': { passes: { gitlab: { version: '18.2' } }, fails: { gitlab: { version: '16.0' } } },
  'model-not-listed': { passes: vllm(), fails: vllm({ model: 'codestral-22b-v0.9' }) },
  'platform-unknown': { passes: vllm(), fails: vllm({ platform: 'vlm' }) },
  'platform-not-listed-for-model': { passes: vllm(), fails: at('18.2', vllm({ model: 'gpt-4o' })) },
  'model-experimental': { passes: vllm(), fails: at('18.2', vllm({ model: 'codegemma-2b' })) },
  'feature-not-compatible': { passes: routed('duo-chat', 'llama-3.1-70b'), fails: routed('duo-chat', 'llama-3-70b') },
  'feature-largely-compatible': {
    passes: routed('duo-chat', 'llama-3.1-70b'),
    fails: routed('duo-chat', 'llama-3.1-8b'),
  },
  'feature-not-applicable': {
    passes: routed('code-completion', 'codestral-22b-v0.1'),
    fails: routed('duo-chat', 'codestral-22b-v0.1', { version: '18.2' }),
  },
  'feature-not-offered': {
    passes: routed('code-completion', 'codegemma-2b', { version: '18.2' }),
    fails: routed('code-generation', 'codegemma-2b', { version: '18.2' }),
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
    passes: at('18.2', vllm({ server: { version: '0.10.0' } })),
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
  'platform-inferred': { passes: at('18.9', vllm()), fails: at('18.10', vllm()) },
  'level-source-conflict': {
    passes: routed('code-completion', 'gpt-oss-120b', { version: '18.3' }),
    fails: routed('code-generation', 'gpt-oss-120b', { version: '18.3' }),
  },
  'model-beta': {
    passes: at('18.0', vllm({ model: 'llama-3-8b' })),
    fails: at('17.10', vllm({ model: 'llama-3-8b' })),
  },
  'model-deprecated': {
    passes: at('18.2', vllm({ model: 'mixtral-8x7b-it-v0.1' })),
    fails: at('18.3', vllm({ model: 'mixtral-8x7b-it-v0.1' })),
  },
  'model-compatible-only': {
    passes: at('18.5', vllm({ model: 'mixtral-8x7b-it-v0.1' })),
    fails: at('18.6', vllm({ model: 'mixtral-8x7b-it-v0.1' })),
  },
  'family-not-allowed-for-feature': {
    passes: routed('duo_agent_platform', 'mistral-small-24b-instruct-2506', { version: '19.0' }),
    fails: routed('duo_agent_platform', 'mistral-small-24b-instruct-2506', { version: '18.9' }),
  },
  'family-beta-in-product': {
    passes: at('18.2', vllm({ model: 'llama-3.1-70b' }), { betaFeatures: true }),
    fails: at('18.2', vllm({ model: 'llama-3.1-70b' })),
  },
  'beta-terms-not-accepted': {
    passes: routed('duo-chat', 'gpt-oss-120b', { betaFeatures: false }),
    fails: routed('duo-chat', 'llama-3.1-70b', { betaFeatures: false }),
  },
  'tier-not-entitled': {
    passes: { gitlab: { version: '18.0', tier: 'premium' } },
    fails: { gitlab: { version: '17.11', tier: 'premium' } },
  },
  'add-on-missing': {
    passes: { gitlab: { version: '18.9', addOn: 'duo-pro' } },
    fails: { gitlab: { version: '18.8', addOn: 'duo-pro' } },
  },
  'version-not-ga': { passes: { gitlab: { version: '17.9' } }, fails: { gitlab: { version: '17.8' } } },
  'managed-model-needs-internet': {
    passes: at('18.2', bedrock({ endpoint: 'https://vpce.example.com' }), { network: 'isolated' }),
    fails: at('18.2', bedrock(), { network: 'isolated' }),
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
