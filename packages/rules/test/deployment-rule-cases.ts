import type { RuleCase } from './rule-cases.js'

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
const azure = (extra: object = {}) => ({
  platform: 'azure-openai',
  model: 'gpt-4o',
  endpoint: 'https://example.openai.azure.com',
  deployment: 'gpt-4o',
  ...extra,
})
const serving = (serveArgs: string | string[], extra: object = {}) => vllm({ server: { serveArgs }, ...extra })
const gitlabWith = (gitlab: object, deployment: object) => ({ gitlab, deployments: { one: deployment } })
const environment = (env: object, deployment: object = bedrock(), version = '18.9') =>
  gitlabWith({ version, aiGateway: { env } }, deployment)
const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh'
const keys = { AWS_ACCESS_KEY_ID: 'AKIA-EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_REGION_NAME: 'us-east-1' }

/** Cases of the rules about a deployment's names, addresses, credentials and server, by rule id. */
export const deploymentRuleCases: Readonly<Record<string, RuleCase>> = {
  'endpoint-too-long-for-gateway': {
    passes: vllm(),
    fails: vllm({ endpoint: `http://gpu-1:8000/${'proxy/'.repeat(40)}v1` }),
  },
  'endpoint-has-credentials': { passes: vllm(), fails: vllm({ endpoint: 'http://user:example@gpu-1:8000/v1' }) },
  'endpoint-repeated': {
    passes: vllm({ endpoint: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'] }),
    fails: vllm({ endpoint: ['http://gpu-1:8000/v1', 'http://gpu-1:8000/v1'] }),
  },
  'endpoint-localhost-from-gateway': {
    passes: vllm({ endpoint: 'http://localhost:8000/v1' }),
    fails: gitlabWith({ aiGateway: { timeoutSeconds: 60 } }, vllm({ endpoint: 'http://localhost:8000/v1' })),
  },
  'azure-endpoint-has-operation-path': {
    passes: azure(),
    fails: azure({ endpoint: 'https://example.openai.azure.com/openai/deployments/gpt-4o/chat/completions' }),
  },
  'identifier-missing-prefix': {
    passes: vllm({ identifier: 'custom_openai/codestral' }),
    fails: vllm({ identifier: 'codestral' }),
  },
  'identifier-without-name': {
    passes: vllm({ identifier: 'custom_openai/codestral' }),
    fails: vllm({ identifier: 'custom_openai/' }),
  },
  'identifier-unknown-provider': {
    passes: vllm({ identifier: 'custom_openai/mistralai/Codestral-22B-v0.1' }),
    fails: vllm({ identifier: 'mistralai/Codestral-22B-v0.1' }),
  },
  'identifier-provider-platform-mismatch': {
    passes: azure({ identifier: 'azure/gpt-4o' }),
    fails: azure({ identifier: 'custom_openai/gpt-4o' }),
  },
  'identifier-too-long': {
    passes: vllm({ identifier: `custom_openai/${'x'.repeat(241)}` }),
    fails: vllm({ identifier: `custom_openai/${'x'.repeat(242)}` }),
  },
  'identifier-served-name-mismatch': {
    passes: vllm({ identifier: 'custom_openai/codestral', servedModelName: 'codestral' }),
    fails: vllm({ identifier: 'custom_openai/codestral-22b', servedModelName: 'codestral' }),
  },
  'served-name-has-provider': { passes: azure(), fails: azure({ deployment: 'azure/gpt-4o' }) },
  'bedrock-arn-needs-converse': {
    passes: bedrock({ modelId: arn, identifier: `bedrock/converse/${arn}` }),
    fails: bedrock({ modelId: arn, identifier: `bedrock/${arn}` }),
  },
  'bedrock-needs-inference-profile': {
    passes: bedrock(),
    fails: bedrock({ modelId: 'anthropic.claude-3-7-sonnet-20250219-v1:0' }),
  },
  'bedrock-region-prefix-mismatch': { passes: bedrock(), fails: bedrock({ region: 'eu-central-1' }) },
  'bedrock-model-id-names-other-model': { passes: bedrock(), fails: bedrock({ model: 'claude-3.5-sonnet' }) },
  'aws-credentials-missing': {
    passes: environment(keys, bedrock({ credentials: 'environment' })),
    fails: environment({ AWS_REGION_NAME: 'us-east-1' }, bedrock({ credentials: 'environment' })),
  },
  'aws-temporary-credentials-unsupported': {
    passes: environment({ ...keys, AWS_SESSION_TOKEN: 'example' }, bedrock(), '18.10'),
    fails: environment({ ...keys, AWS_SESSION_TOKEN: 'example' }, bedrock(), '18.9'),
  },
  'aws-bearer-token-not-in-version': {
    passes: environment({ AWS_BEARER_TOKEN_BEDROCK: 'example' }, bedrock({ credentials: 'bearer' }), '18.9'),
    fails: environment({ AWS_BEARER_TOKEN_BEDROCK: 'example' }, bedrock({ credentials: 'bearer' }), '18.8'),
  },
  'aws-region-malformed': { passes: bedrock(), fails: bedrock({ region: 'us-east-1a' }) },
  'aws-region-mismatch': { passes: environment(keys), fails: environment({ ...keys, AWS_REGION_NAME: 'us-west-2' }) },
  'api-key-ignored': { passes: bedrock(), fails: bedrock({ apiKey: 'example' }) },
  'api-key-too-long': { passes: vllm({ apiKey: 'x'.repeat(2000) }), fails: vllm({ apiKey: 'x'.repeat(2001) }) },
  'serve-args-malformed': {
    passes: serving('vllm serve /models/codestral --served-model-name codestral --tensor-parallel-size 2'),
    fails: serving('vllm serve /models/codestral --served-model-name codestral --tensor-parallel-size two'),
  },
  'serve-args-conflict': {
    passes: vllm({ server: { serveArgs: '--served-model-name codestral -tp 2', tensorParallelSize: 2 } }),
    fails: vllm({ server: { serveArgs: '--served-model-name codestral -tp 4', tensorParallelSize: 2 } }),
  },
  'vllm-chat-template-missing': {
    passes: serving(['/models/codestral', '--served-model-name', 'codestral']),
    fails: serving(['/models/codestral', '--tensor-parallel-size', '2']),
  },
  'vllm-request-logging': {
    passes: serving('/models/codestral --served-model-name codestral'),
    fails: serving('/models/codestral --served-model-name codestral --enable-log-requests'),
  },
  'vllm-option-deprecated': {
    passes: vllm({ server: { version: '0.11.0', serveArgs: '--served-model-name c --disable-log-requests' } }),
    fails: vllm({ server: { version: '0.12.0', serveArgs: '--served-model-name c --disable-log-requests' } }),
  },
  'model-name-look-alike': { passes: vllm(), fails: vllm({ model: 'c\u043edestral-22b-v0.1' }) },
  'model-family-mismatch': { passes: vllm({ modelFamily: 'general' }), fails: vllm({ modelFamily: 'mistral' }) },
}
