/** A whole configuration, as editors offer it. */
export const configurationExample: object = {
  gitlab: { version: '18.2', tier: 'ultimate', addOn: 'duo-enterprise' },
  deployments: {
    code: {
      platform: 'vllm',
      model: 'codestral-22b-v0.1',
      endpoint: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'],
      hardware: { gpu: 'a100-80gb', gpuCount: 2 },
    },
    chat: {
      platform: 'bedrock',
      model: 'claude-3.7-sonnet',
      region: 'us-east-1',
      modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
    },
  },
  features: { 'code-completion': 'code', 'duo-chat': ['chat'] },
}

/** Examples of a property, by its name, or by its parent's and its own where the name alone means several things. */
export const propertyExamples: Readonly<Record<string, readonly unknown[]>> = {
  'gitlab.version': ['18.2'],
  'server.version': ['0.8.5'],
  model: ['codestral-22b-v0.1'],
  identifier: ['custom_openai/codestral', 'bedrock/anthropic.claude-3-7-sonnet-20250219-v1:0', 'azure/gpt-4o'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference that the file loader replaces, not a template
  apiKey: ['${VLLM_API_KEY}'],
  servedModelName: ['codestral'],
  endpoint: ['http://gpu-1:8000/v1', ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1']],
  region: ['us-east-1'],
  modelId: ['us.anthropic.claude-3-7-sonnet-20250219-v1:0'],
  guardrailIdentifier: ['gr1a2b3c4d5e'],
  guardrailVersion: ['1'],
  apiVersion: ['2024-10-21'],
  url: ['http://ai-gateway:5052'],
  imageTag: ['self-hosted-v18.2.0-ee'],
  timeoutSeconds: [60],
  agentPlatformUrl: ['duo-agent-platform:50052'],
  tensorParallelSize: [2],
  maxModelLength: [32768],
  gpuMemoryUtilization: [0.9],
  dtype: ['bfloat16'],
  quantization: ['awq', 'fp8'],
  kvCacheDtype: ['fp8'],
  serveArgs: ['mistralai/Codestral-22B-v0.1 --tensor-parallel-size 2 --max-model-len 32768'],
  gpu: ['a100-80gb'],
  gpuCount: [2],
}
