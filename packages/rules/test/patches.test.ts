import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtInRules, checkConfig, type Finding } from '../src/index.js'
import { applyJsonPatch } from './apply-json-patch.js'
import { ruleCases } from './rule-cases.js'

const secret = 'hunter2secret'
const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh'
const bedrockNames = [
  'anthropic.claude-3-7-sonnet-20250219-v1:0',
  'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
  'eu.anthropic.claude-3-5-sonnet-20240620-v1:0',
  'mistral.mixtral-8x7b-instruct-v0:1',
  'meta.llama3-3-70b-instruct-v1:0',
  'jp.anthropic.claude-sonnet-4-5-20250929-v1:0',
  arn,
]
const prefixes = ['', 'custom_openai/', 'bedrock/', 'bedrock/converse/', 'azure/', 'Bedrock/', 'openai/', 'mistralai/']
const names = fc.constantFrom('codestral', 'Codestral-22B-v0.1', 'gpt-4o', 'x'.repeat(240), ...bedrockNames)
const identifier = fc.tuple(fc.constantFrom(...prefixes), names).map(([prefix, name]) => prefix + name)
const hosts = fc.constantFrom('gpu-1:8000', 'localhost:8000', '10.0.0.5', `user:${secret}@gpu-2`, '[fd00::1]:8000')
const paths = fc.constantFrom(
  '',
  '/',
  '/v1',
  '/v1/',
  '/v1//',
  '/v1/chat/completions',
  '/proxy',
  '/openai/deployments/x',
)
const endpoint = fc
  .tuple(
    fc.constantFrom('http://', 'https://', 'HTTP://', 'ftp://'),
    hosts,
    paths,
    fc.constantFrom('', `?api-key=${secret}`),
  )
  .map((parts) => parts.join(''))
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 })

const common = {
  identifier: maybe(identifier),
  apiKey: maybe(fc.constant(secret)),
  modelFamily: maybe(fc.constantFrom('mistral', 'codestral', 'claude_3', 'gpt', 'general')),
  credentials: maybe(fc.constantFrom('environment', 'instance-role', 'irsa', 'bearer')),
  hardware: maybe(fc.constantFrom({ gpu: 'a100-80gb', gpuCount: 1 }, { gpu: 'a100-40gb', gpuCount: 4, cpuCores: 4 })),
}
const serveArgs = fc.constantFrom(
  'vllm serve mistralai/Codestral-22B-v0.1 --tensor-parallel-size 8',
  `serve /models/x --served-model-name codestral other --api-key ${secret} --disable-log-requests`,
  "--served-model-name 'codestral",
  '-tp=2 --max-model-len 32k --gpu_memory_utilization 1.5',
)
const server = fc.record({
  version: maybe(fc.constantFrom('0.6.4', '0.12.0', 'nonsense')),
  tensorParallelSize: maybe(fc.constantFrom(1, 2, 8)),
  pipelineParallelSize: maybe(fc.constantFrom(1, 2)),
  serveArgs: maybe(serveArgs),
})
const vllm = fc.record({
  ...common,
  platform: fc.constantFrom('vllm', 'vlm'),
  model: fc.constantFrom('codestral-22b-v0.1', 'codestral', 'c\u043edestral-22b-v0.1'),
  endpoint: fc.oneof(endpoint, fc.array(endpoint, { minLength: 1, maxLength: 3 })),
  servedModelName: maybe(fc.constantFrom('codestral', 'custom_openai/codestral')),
  server: maybe(server),
})
const bedrock = fc.record({
  ...common,
  platform: fc.constant('bedrock'),
  model: fc.constantFrom('claude-3.7-sonnet', 'claude-3.5-sonnet'),
  region: fc.constantFrom(
    'us-east-1',
    'eu-west-2',
    'eu-central-1',
    'us-gov-west-1',
    'ap-northeast-1',
    'US-EAST-1',
    'us-east-1a',
    'x',
  ),
  modelId: fc
    .tuple(fc.constantFrom('', 'bedrock/', 'bedrock/converse/'), fc.constantFrom(...bedrockNames))
    .map((parts) => parts.join('')),
})
const azure = fc.record({
  ...common,
  platform: fc.constant('azure-openai'),
  model: fc.constant('gpt-4o'),
  endpoint,
  deployment: fc.constantFrom('gpt-4o', 'azure/gpt-4o', 'azure/'),
})
const toggles = fc.constantFrom('true', 'false', 'True', '', ' ')
const env = fc.record(
  {
    AIGW_CUSTOM_MODELS__ENABLED: toggles,
    AIGW_CUSTOM_MODEL__ENABLED: toggles,
    AIGW_AUTH__BYPASS_EXTERNAL: toggles,
    AIGW_CUSTOM_MODELS__DISABLE_STREAMING: toggles,
    AIGW_CUSTOM_MODELS__EXTRA_HEADERS: fc.constantFrom('{}', secret),
    AIGW_GITLAB_URL: fc.constantFrom('', 'https://gitlab.example.com', `https://x:${secret}@gitlab.example.com`),
    AIGW_GITLAB_API_URL: fc.constantFrom('https://gitlab.example.com', 'https://gitlab.example.com/api/v4', 'x'),
    AIGW_BEDROCK_GUARDRAIL_CONFIG: fc.constantFrom('{}', '{"guardrailIdentifier":"abc"}', secret),
    AIGW_SELF_SIGNED_JWT__SIGNING_KEY: fc.constant(secret),
    AWS_ACCESS_KEY_ID: fc.constant(secret),
    AWS_SESSION_TOKEN: fc.constant(secret),
    AWS_BEARER_TOKEN_BEDROCK: fc.constant(secret),
    AWS_REGION: fc.constantFrom('us-east-1', 'eu-west-1'),
    AWS_REGION_NAME: fc.constantFrom('us-east-1', 'eu-west-1'),
    DUO_AGENT_PLATFORM_SERVICE_SECURE: toggles,
  },
  { requiredKeys: [] },
)
const gitlab = fc.record({
  version: maybe(fc.constantFrom('17.8', '18.2', '18.6', '18.9', '19.0', '99.0')),
  tier: maybe(fc.constantFrom('free', 'premium', 'ultimate')),
  addOn: maybe(fc.constantFrom('none', 'duo-enterprise')),
  offline: maybe(fc.boolean()),
  betaFeatures: maybe(fc.boolean()),
  environment: maybe(fc.constantFrom('production', 'troubleshooting')),
  agentPlatformUrl: maybe(fc.constantFrom('https://host:50052/', `https://u:${secret}@host`, 'host:50052', 'host/x')),
  aiGateway: maybe(
    fc.record({
      url: maybe(endpoint),
      imageTag: maybe(fc.constantFrom('latest', 'nightly', 'self-hosted-v18.2.0-ee')),
      timeoutSeconds: maybe(fc.constantFrom(1, 60, 700)),
      env: maybe(env),
    }),
  ),
})
const routes = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 })
const configuration = fc.record({
  gitlab: maybe(gitlab),
  deployments: fc.record({ a: vllm, b: bedrock, c: azure }),
  features: maybe(
    fc.dictionary(fc.constantFrom('code-completion', 'duo-chat', 'duo_chat_fix_code', 'duo-chats'), routes),
  ),
})

const patched = (findings: readonly Finding[]) => findings.filter(({ fix }) => fix?.patch !== undefined)

function expectGone(config: unknown, finding: Finding): void {
  const before = checkConfig(config).findings
  const after = checkConfig(applyJsonPatch(config, finding.fix?.patch ?? [])).findings
  const count = (findings: readonly Finding[]) => findings.filter(({ rule }) => rule === finding.rule).length
  const errors = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity === 'error')
  const context = `${finding.rule} at ${finding.path}: ${JSON.stringify(finding.fix?.patch)}`
  expect(count(after), context).toBeLessThan(count(before))
  // Entries of a list may move up when one is removed.
  const known = errors(before).filter(({ path }) => path.startsWith(finding.path))
  const fresh = errors(after).filter(
    ({ rule, path }) => path === finding.path && !known.some((old) => old.rule === rule),
  )
  expect(fresh, context).toEqual([])
}

describe('a patch', () => {
  const cases = builtInRules.flatMap(({ id }) => {
    const config = ruleCases[id]?.fails
    return patched(checkConfig(config).findings)
      .filter(({ rule }) => rule === id)
      .map((finding) => [id, config, finding] as const)
  })

  test.each(cases)('of %s makes its finding disappear', (_id, config, finding) => {
    expectGone(config, finding)
  })

  test('makes its finding disappear, and brings no new error to the same place, in any configuration', () => {
    fc.assert(
      fc.property(configuration, (config) => {
        for (const finding of patched(checkConfig(config).findings)) expectGone(config, finding)
      }),
      { numRuns: 300 },
    )
  }, 60_000)
})

test('no report, patches included, holds a secret', () => {
  fc.assert(
    fc.property(configuration, (config) => {
      expect(JSON.stringify(checkConfig(config))).not.toContain(secret)
    }),
    { numRuns: 500 },
  )
})

test('any value anywhere gives a report', () => {
  const junk = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('://', 'arn:', '/', '\u0000', '--x'),
  )
  fc.assert(
    fc.property(configuration, fc.constantFrom('a', 'b', 'c'), fc.string(), junk, (config, name, key, value) => {
      const known = Object.keys(config.deployments[name])
      Object.assign(config.deployments[name], { [known[key.length % known.length] ?? key]: value })
      expect(checkConfig(config).findings.length).toBeLessThanOrEqual(500)
    }),
    { numRuns: 500 },
  )
})
