import fc from 'fast-check'
import { catalog } from '../src/catalog/catalog.js'
import { ruleCases } from './rule-cases.js'

const some = (...values: readonly unknown[]) => fc.constantFrom(...values)
const optional = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] })

const address = some(
  ...['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1/', 'http://gpu-1:8000', 'https://user:pw@gpu/v1', 'ftp://x/v1'],
  ...[
    'http://127.0.0.1/v1',
    'http://localhost/v1',
    'https://a.openai.azure.com/openai/deployments/x',
    'nonsense',
    ' http://a/v1 ',
  ],
)
const endpoint = fc.oneof(address, fc.array(address, { minLength: 1, maxLength: 3 }))
const modelId = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0'
const common = {
  modelFamily: some('mistral', 'general', 'gpt', 'llama3'),
  identifier: some('custom_openai/codestral', `bedrock/${modelId}`, 'x', 'foo/bar', 'azure/', 'bedrock/arn:aws:x'),
  credentials: some('environment', 'instance-role', 'irsa', 'bearer'),
  apiKey: some('key', 'k'.repeat(3_000)),
  server: optional({
    version: some('0.8.5', '0.6.4', '0.12.1', 'x'),
    tensorParallelSize: some(1, 2, 8),
    serveArgs: some('--tensor-parallel-size 4', ['--enable-log-requests', '--served-model-name', 'a'], '--api-key x'),
  }),
  hardware: optional({
    gpu: some('a100-80gb', 'A100 80GB', 'h100-80gb', 'nope'),
    gpuCount: some(1, 2, 4, 8),
    cpuCores: some(2, 8, 16),
    ramGB: some(8, 32, 64),
  }),
}
const model = some(
  ...Object.keys(catalog.models),
  'mistralai/Codestral-22B-v0.1',
  'unheard',
  ' GPT-4o ',
  'c\u043edestral',
)

/** A deployment whose structure is valid on a documented platform, whatever the rules say of it. */
const arbitraryDeployment = fc.oneof(
  fc.record(
    { platform: some('vllm'), model, endpoint, ...common },
    { requiredKeys: ['platform', 'model', 'endpoint'] },
  ),
  fc.record(
    {
      platform: some('bedrock'),
      model,
      region: some('us-east-1', 'eu-west-2', 'x'),
      modelId: some(modelId, 'y'),
      endpoint,
      ...common,
    },
    { requiredKeys: ['platform', 'model', 'region', 'modelId'] },
  ),
  fc.record(
    { platform: some('azure-openai'), model, endpoint, deployment: some('gpt-4o', 'azure/gpt'), ...common },
    { requiredKeys: ['platform', 'model', 'endpoint', 'deployment'] },
  ),
)

const env = optional({
  AWS_REGION: some('us-east-1', ''),
  AWS_REGION_NAME: some('eu-west-1'),
  AWS_SESSION_TOKEN: some('t'),
  AIGW_CUSTOM_MODELS__ENABLED: some('true', 'false'),
  AIGW_GITLAB_URL: some('https://g', 'g'),
})
const gitlab = optional({
  version: some('16.1', '99.0', ...Object.keys(catalog.releases)),
  tier: some('free', 'premium', 'ultimate'),
  addOn: some('none', 'duo-pro', 'duo-enterprise'),
  offline: fc.boolean(),
  network: some('open', 'isolated'),
  betaFeatures: fc.boolean(),
  agentPlatformUrl: some('a:1', 'http://a:1', 'x'),
  aiGateway: optional({
    url: some('https://gw', 'http://localhost', 'ftp://x'),
    imageTag: some('latest'),
    timeoutSeconds: some(10, 60),
    env,
  }),
})
const names = ['one', 'a/b', 'constructor', '7']
const route = fc.oneof(some(...names, 'missing'), fc.array(some(...names), { minLength: 1, maxLength: 3 }))
const sections = optional({
  gitlab,
  deployments: fc.dictionary(some(...names) as fc.Arbitrary<string>, arbitraryDeployment, { noNullPrototype: true }),
  features: fc.dictionary(some(...Object.keys(catalog.features), 'duo-chats') as fc.Arbitrary<string>, route, {
    noNullPrototype: true,
  }),
})

/** Configurations whose structure is valid, and the examples of every rule. */
export const arbitraryConfiguration: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: sections },
  { weight: 1, arbitrary: arbitraryDeployment },
  { weight: 1, arbitrary: some(...Object.values(ruleCases).flatMap(({ passes, fails }) => [passes, fails])) },
)
