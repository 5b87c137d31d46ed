import type { DeploymentPlan, DuoModelsConfiguration } from '../../src/index.js'

/** A plan as `planDeployments` makes it, as far as rendering reads it. */
export function examplePlan(changes: object = {}): DeploymentPlan {
  const plan = {
    rank: 1,
    model: 'mistral-7b-it-v0.3',
    huggingFaceId: 'mistralai/Mistral-7B-Instruct-v0.3',
    servedModelName: 'mistral-7b',
    machine: 'a2-highgpu-2g',
    gpu: 'a100-40gb',
    gpusPerNode: 2,
    nodesPerReplica: 1,
    replicas: 2,
    totalGpus: 4,
    tensorParallelSize: 2,
    pipelineParallelSize: 1,
    maxModelLength: 32_768,
    maxNumSeqs: 256,
    gpuMemoryUtilization: 0.9,
    dtype: 'bfloat16',
    kvCacheDtype: 'auto',
    vllmVersion: '0.8.5',
    headroomGiB: 3,
    memory: { fits: true, perGpu: { weightsGiB: 6.8 }, findings: [] },
    findings: [],
    sources: [],
    configuration: exampleConfiguration,
    ...changes,
  }
  return plan as unknown as DeploymentPlan
}

/** The configuration that belongs to the example plan. */
export const exampleConfiguration: DuoModelsConfiguration = {
  gitlab: { version: '18.2' },
  deployments: {
    code: {
      platform: 'vllm',
      model: 'mistral-7b-it-v0.3',
      endpoint: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'],
      servedModelName: 'mistral-7b',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference that the file loader replaces, not a template
      apiKey: '${VLLM_API_KEY}',
      server: { version: '0.8.5', tensorParallelSize: 2, maxModelLength: 32_768, gpuMemoryUtilization: 0.9 },
      hardware: { gpu: 'a100-40gb', gpuCount: 2 },
    },
  },
  features: { 'code-completion': 'code', 'code-generation': 'code' },
}

/** A plan for one server on two machines. */
export function distributedPlan(changes: object = {}): DeploymentPlan {
  return examplePlan({
    model: 'mixtral-8x22b-it-v0.1',
    huggingFaceId: 'mistralai/Mixtral-8x22B-Instruct-v0.1',
    machine: 'a2-highgpu-8g',
    gpusPerNode: 8,
    nodesPerReplica: 2,
    replicas: 1,
    tensorParallelSize: 8,
    pipelineParallelSize: 2,
    ...changes,
  })
}

/** A configuration with a deployment on every platform. */
export const mixedConfiguration = {
  gitlab: {
    version: '18.2',
    aiGateway: {
      url: 'http://ai-gateway:5052',
      imageTag: 'self-hosted-v18.2.1-ee',
      env: { AIGW_GITLAB_URL: 'https://gitlab.example.org', AWS_SECRET_ACCESS_KEY: 'not-to-be-seen-1' },
    },
  },
  deployments: {
    code: {
      platform: 'vllm',
      model: 'codestral-22b-v0.1',
      endpoint: 'http://gpu-1:8001/v1',
      servedModelName: 'codestral',
      apiKey: 'not-to-be-seen-2',
      server: { version: '0.8.5' },
      hardware: { gpu: 'a100-80gb', gpuCount: 2 },
    },
    chat: {
      platform: 'bedrock',
      model: 'claude-3.7-sonnet',
      region: 'us-east-1',
      modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
    },
    gpt: {
      platform: 'azure-openai',
      model: 'gpt-4o',
      endpoint: 'https://example.openai.azure.com',
      deployment: 'gpt-4o',
      apiKey: 'not-to-be-seen-3',
    },
  },
  features: { 'code-completion': 'code', 'duo-chat': ['chat', 'gpt'] },
} satisfies DuoModelsConfiguration
