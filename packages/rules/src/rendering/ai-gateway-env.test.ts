import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../test/rendering/error-of.js'
import { examplePlan, mixedConfiguration } from '../../test/rendering/example-plans.js'
import { hostileText } from '../../test/rendering/hostile-text.js'
import { shells, syntaxFaults } from '../../test/rendering/shell.js'
import { checkConfig } from '../check-config.js'
import { renderDeployment } from './render-deployment.js'

type Arguments = Parameters<typeof renderDeployment>
const render = (input: Arguments[0], options?: Arguments[2]) => renderDeployment(input, 'ai-gateway-env', options)
const bedrock = (extra: object = {}) => ({ ...mixedConfiguration.deployments.chat, ...extra })
const gateway = (env: Record<string, string>, extra: object = {}) => ({
  gitlab: { version: '18.9', aiGateway: { env }, ...extra },
  deployments: { chat: bedrock() },
})

/** The variables that a shell has after it has read the file, but for its own. */
function sourced(shell: string, text: string): Record<string, string> {
  const output = execFileSync(shell, ['-c', `set -a\n${text}\nenv -0`], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const entries = output
    .split('\0')
    .slice(0, -1)
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  return Object.fromEntries(entries.filter(([name = '']) => /^(?:AIGW|AWS|DUO)_/.test(name)))
}

test('a plan needs what every gateway needs, with an example for what it cannot know', () => {
  const text = render(examplePlan())
  expect(text).toContain('# Replace https://gitlab.example.com by the address of your GitLab instance.')
  expect(sourced('sh', text)).toEqual({
    AIGW_CUSTOM_MODELS__ENABLED: 'true',
    AIGW_GITLAB_URL: 'https://gitlab.example.com',
    AIGW_GITLAB_API_URL: 'https://gitlab.example.com/api/v4/',
  })
  expect(render(examplePlan(), { gitlabUrl: 'https://git.example.org/' })).toContain(
    '\nAIGW_GITLAB_API_URL=https://git.example.org/api/v4/\n',
  )
})

test.each(shells)('a mixed configuration gives %s its Region, and no secret', (shell) => {
  const text = render(mixedConfiguration)
  expect(syntaxFaults(shell, text)).toBe('')
  expect(text).not.toContain('not-to-be-seen')
  expect(text).toContain('--env AWS_ACCESS_KEY_ID --env AWS_SECRET_ACCESS_KEY ')
  expect(text).toContain(' gitlab/model-gateway:self-hosted-v18.2.1-ee\n')
  expect(text).toContain('# Azure OpenAI needs no variable')
  expect(sourced(shell, text)).toMatchObject({ AWS_REGION: 'us-east-1', AWS_REGION_NAME: 'us-east-1' })
})

test('the file satisfies checkConfig as the environment of the gateway', () => {
  const env = sourced('sh', render(mixedConfiguration))
  const keys = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example' }
  const { findings } = checkConfig({
    gitlab: { version: '18.2', aiGateway: { env: { ...env, ...keys } } },
    deployments: { chat: bedrock() },
  })
  expect(findings.filter(({ path }) => path.startsWith('/gitlab'))).toEqual([])
})

describe('credentials for Amazon Bedrock', () => {
  const secretsOf = (input: Arguments[0]) => [...render(input).matchAll(/--env (\w+)/g)].map(([, name]) => name)

  test.each([
    ['environment', ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']],
    ['bearer', ['AWS_BEARER_TOKEN_BEDROCK']],
    ['irsa', []],
    ['instance-role', []],
  ] as const)('%s', (credentials, names) => {
    expect(secretsOf(bedrock({ credentials }))).toEqual(names)
  })

  test('a key of Bedrock that is stated takes the place of the pair', () => {
    expect(secretsOf(gateway({ AWS_BEARER_TOKEN_BEDROCK: 'x' }))).toEqual(['AWS_BEARER_TOKEN_BEDROCK'])
  })
})

describe('what the configuration states', () => {
  test('is repeated when it is public, and named when it may be secret', () => {
    const stated = {
      AIGW_DUO_CHAT__MAX_TOKENS: '4096',
      AIGW_BEDROCK_GUARDRAIL_CONFIG: '{"guardrailIdentifier":"abc","guardrailVersion":"1"}',
      AIGW_CUSTOM_MODELS__EXTRA_HEADERS: '{"X-Key":"hunter2"}',
      HTTPS_PROXY: 'http://user:hunter2@proxy:3128',
      MY_TOKEN: 'hunter2',
      OTHER: 'sk-abcdefghijklm',
    }
    const text = render(gateway(stated))
    expect(text).not.toMatch(/hunter2|abcdefgh/)
    for (const name of ['AIGW_CUSTOM_MODELS__EXTRA_HEADERS', 'HTTPS_PROXY', 'MY_TOKEN', 'OTHER'])
      expect(text).toContain(`--env ${name} `)
    expect(sourced('sh', text)).toMatchObject({
      AIGW_DUO_CHAT__MAX_TOKENS: '4096',
      AIGW_BEDROCK_GUARDRAIL_CONFIG: stated.AIGW_BEDROCK_GUARDRAIL_CONFIG,
    })
    expect(text).toContain('# Values in quotes are for a shell and for Docker Compose')
  })

  test('counts over the deployments, for both names of the Region', () => {
    expect(sourced('sh', render(gateway({ AWS_REGION_NAME: 'eu-west-1' })))).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_REGION_NAME: 'eu-west-1',
    })
  })

  test('an offline instance gets the portal addresses, a newer one its signing keys', () => {
    expect(sourced('sh', render(gateway({}, { offline: true })))).toMatchObject({
      AIGW_CUSTOMER_PORTAL_URL: 'https://gitlab.example.com',
      DUO_WORKFLOW_AUTH__OIDC_CUSTOMER_PORTAL_URL: 'https://gitlab.example.com',
    })
    expect(render(gateway({}))).not.toContain('SIGNING_KEY')
    expect(render(gateway({}, { version: '19.0' }))).toContain('--env AIGW_SELF_SIGNED_JWT__SIGNING_KEY ')
    expect(render(gateway({}, { agentPlatformUrl: 'dap:50052' }))).toContain(
      '--env DUO_WORKFLOW_SELF_SIGNED_JWT__SIGNING_KEY ',
    )
  })
})

test('two Regions need two gateways', () => {
  const configuration = { deployments: { a: bedrock(), b: bedrock({ region: 'eu-west-1' }) } }
  expect(errorOf(() => render(configuration))).toMatchObject({
    code: 'unsupported',
    message: /"us-east-1" and "eu-west-1"/,
  })
  expect(render(configuration, { deployment: 'b' })).toContain('AWS_REGION=eu-west-1\n')
})

test('a private endpoint of Bedrock is set, unless it holds a secret', () => {
  expect(render(bedrock({ endpoint: 'https://vpce.example.com' }))).toContain(
    'AWS_BEDROCK_RUNTIME_ENDPOINT=https://vpce.example.com\n',
  )
  const text = render(bedrock({ endpoint: 'https://user:hunter2@vpce.example.com' }))
  expect(text).not.toContain('hunter2')
  expect(text).toContain('--env AWS_BEDROCK_RUNTIME_ENDPOINT ')
})

describe('no text leaves its place', () => {
  test.each([
    ['a value', { A: 'x\nAIGW_AUTH__BYPASS_EXTERNAL=true' }, /"A" of the AI gateway has a value of several lines/],
    ['a name', { 'A;id': 'x' }, /has a name that no environment variable can have/],
    ['the name of a secret', { 'A_TOKEN $(id)': 'x' }, /has a name that no environment variable can have/],
  ])('%s of several lines or words is refused', (_, env, message) => {
    expect(errorOf(() => render(gateway(env)))).toMatchObject({ code: 'invalid-input', message })
  })

  test('every other value arrives byte by byte, one variable per line', () => {
    const value = hostileText.filter((text) => !/[\0\r\n]/.test(text))
    fc.assert(
      fc.property(value, value, fc.constantFrom(...shells), (region, stated, shell) => {
        const text = render({
          gitlab: { aiGateway: { env: { AIGW_NOTE: stated }, imageTag: stated } },
          deployments: { [`a${stated}`]: bedrock({ region }) },
        })
        const lines = text.split('\n').slice(0, -1)
        const assignments = lines.filter((line) => !line.startsWith('# '))
        expect(assignments).toHaveLength(6)
        for (const line of assignments) expect(line).toMatch(/^[A-Z_]+=/)
        expect(sourced(shell, text)).toMatchObject({ AIGW_NOTE: stated, AWS_REGION: region.trim() })
      }),
    )
  })
})
