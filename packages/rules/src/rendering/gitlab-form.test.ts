import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../test/rendering/error-of.js'
import { examplePlan, mixedConfiguration } from '../../test/rendering/example-plans.js'
import { hostileName, hostileText } from '../../test/rendering/hostile-text.js'
import { checkConfig } from '../check-config.js'
import { renderDeployment } from './render-deployment.js'

type Arguments = Parameters<typeof renderDeployment>
const render = (input: Arguments[0], options?: Arguments[2]) => renderDeployment(input, 'gitlab-form', options)
const vllm = (extra: object = {}) =>
  ({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1', ...extra }) as const
const field = (text: string, label: string) => new RegExp(`^  ${label}  +(.*)$`, 'm').exec(text)?.[1]

test('every form of a mixed configuration, filled in', () => {
  const text = render(mixedConfiguration)
  expect(text).toBe(
    [
      'Admin > GitLab Duo > Change configuration',
      '  Local AI Gateway URL  http://ai-gateway:5052',
      '',
      'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > Add self-hosted model',
      '  Deployment name                code',
      '  Platform, where the form asks  API',
      '  Model family                   Mistral Codestral',
      '  Endpoint                       http://gpu-1:8001/v1',
      '  API key                        (the value of VLLM_API_KEY)',
      '  Model identifier               custom_openai/codestral',
      '',
      'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > Add self-hosted model',
      '  Deployment name                chat',
      '  Platform, where the form asks  Amazon Bedrock',
      '  Model family                   Claude',
      '  Endpoint                       (leave empty)',
      '  API key                        (leave empty)',
      '  Model identifier               bedrock/us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      '',
      'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > Add self-hosted model',
      '  Deployment name                gpt',
      '  Platform, where the form asks  API',
      '  Model family                   GPT',
      '  Endpoint                       https://example.openai.azure.com',
      '  API key                        (the value of AZURE_OPENAI_API_KEY)',
      '  Model identifier               azure/gpt-4o',
      '',
      'Admin > GitLab Duo > Configure GitLab Duo Self-Hosted > AI-native features',
      '  Code completion  code',
      '  GitLab Duo Chat  chat',
      '',
    ].join('\n'),
  )
})

test('the identifier is one that checkConfig accepts', () => {
  const identifier = field(render(examplePlan()), 'Model identifier')
  const { findings } = checkConfig(vllm({ servedModelName: 'mistral-7b', identifier }))
  expect(findings.filter(({ rule }) => rule.startsWith('identifier'))).toEqual([])
  expect(field(render(vllm({ identifier: 'custom_openai/mine' })), 'Model identifier')).toBe('custom_openai/mine')
})

test('settings of the instance', () => {
  const gitlab = { aiGateway: { timeoutSeconds: 300 }, agentPlatformUrl: 'dap:50052', betaFeatures: true }
  const text = render({ gitlab, deployments: { code: vllm() } })
  expect(field(text, 'AI Gateway request timeout')).toBe('300 seconds')
  expect(field(text, 'Local URL for the GitLab Duo Agent Platform service')).toBe('dap:50052')
  expect(field(text, 'Use beta models and features in GitLab Duo Self-Hosted')).toBe('ticked')
})

test('replicas share one address, and a model that nobody lists is general', () => {
  expect(render(examplePlan())).toContain('  GitLab takes one address. Put a load balancer in front of the 2 replicas')
  expect(field(render(vllm({ model: 'example/My-Model' })), 'Model family')).toMatch(/^General \(/)
  expect(field(render(vllm({ model: undefined, modelFamily: 'mixtral' })), 'Model family')).toBe('Mixtral')
})

describe('secrets', () => {
  test('in addresses and names are not shown', () => {
    const secret = vllm({
      endpoint: 'http://user:hunter2@gpu-1/v1',
      identifier: 'custom_openai/sk-abcdefghijk',
      apiKey: 'hunter3',
    })
    const text = render({ gitlab: { aiGateway: { url: 'http://x/?token=hunter4' } }, deployments: { code: secret } })
    expect(text).not.toMatch(/hunter|abcdef/)
    expect(field(text, 'Endpoint')).toBe('(the address in deployments.code.endpoint: it holds a secret)')
  })
})

test('a configuration without such deployments is refused', () => {
  expect(errorOf(() => render({ gitlab: { version: '18.2' } })).code).toBe('nothing-to-render')
})

test('no text becomes another field', () => {
  fc.assert(
    fc.property(hostileName, hostileText, hostileText, (name, served, endpoint) => {
      const text = render({ deployments: { [name]: vllm({ servedModelName: served, endpoint }) } })
      const lines = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/)
      expect(lines).toHaveLength(8)
      expect(lines.slice(1, 7).map((line) => line.slice(0, 33).trim())).toEqual([
        ...[
          'Deployment name',
          'Platform, where the form asks',
          'Model family',
          'Endpoint',
          'API key',
          'Model identifier',
        ],
      ])
    }),
  )
})
