import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { errorOf } from '../../test/rendering/error-of.js'
import { exampleConfiguration, examplePlan, mixedConfiguration } from '../../test/rendering/example-plans.js'
import { hostileName, hostileText } from '../../test/rendering/hostile-text.js'
import { checkConfig } from '../check-config.js'
import { renderDeployment } from './render-deployment.js'
import { RenderError } from './render-error.js'

type Arguments = Parameters<typeof renderDeployment>
const render = (input: Arguments[0], options?: Arguments[2]) => renderDeployment(input, 'duo-models', options)
const vllm = (extra: object = {}) =>
  ({ platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1', ...extra }) as const

test('the file of a plan is its configuration', () => {
  expect(parse(render(examplePlan()))).toEqual(exampleConfiguration)
})

test('checkConfig says the same about the file as about what it was made from', () => {
  const rules = (input: unknown) =>
    checkConfig(input)
      .findings.map(({ rule, path }) => `${rule} ${path}`)
      .sort()
  expect(rules(parse(render(mixedConfiguration)))).toEqual(rules(mixedConfiguration))
})

test('secrets become references', () => {
  const text = render(mixedConfiguration)
  expect(text).not.toContain('not-to-be-seen')
  const { deployments, gitlab } = parse(text)
  expect(deployments.code.apiKey).toBe('${VLLM_API_KEY}')
  expect(deployments.gpt.apiKey).toBe('${AZURE_OPENAI_API_KEY}')
  expect(gitlab.aiGateway.env).toEqual({
    AIGW_GITLAB_URL: 'https://gitlab.example.org',
    AWS_SECRET_ACCESS_KEY: '${AWS_SECRET_ACCESS_KEY}',
  })
})

describe('arguments of vllm serve', () => {
  const serveArgsOf = (serveArgs: string) =>
    parse(render(vllm({ server: { serveArgs } }))).deployments.default.server.serveArgs

  test('stay as they are without a secret', () => {
    for (const line of ['mistralai/Codestral-22B-v0.1 --tp 2', 'vllm serve x --api-key ${KEY}'])
      expect(serveArgsOf(line)).toBe(line)
  })

  test('lose the literal ones', () => {
    expect(serveArgsOf('x/y --api-key hunter2 --enforce-eager --hf-token=hunter3')).toEqual([
      ...['x/y', '--api-key', '${VLLM_API_KEY}', '--enforce-eager', '--hf-token', '${HF_TOKEN}'],
    ])
  })
})

test('one deployment can be picked, with what it serves', () => {
  expect(parse(render(mixedConfiguration, { deployment: 'chat' }))).toMatchObject({
    deployments: { chat: mixedConfiguration.deployments.chat },
    features: { 'duo-chat': 'chat' },
  })
})

test.each([
  ['an address', vllm({ endpoint: 'http://user:hunter2@gpu-1/v1' }), /deployments\.default\.endpoint/],
  [
    'a key of another platform',
    { deployments: { own: { platform: 'triton', model: 'x', password: 'hunter2' } } },
    /own\.password/,
  ],
])('a secret in %s is refused', (_, input, message) => {
  const error = errorOf(() => render(input as Arguments[0], { platforms: ['triton'] }))
  expect(error).toMatchObject({ code: 'invalid-input', message })
  expect(error.message).not.toContain('hunter2')
})

test('every configuration reads back as itself', () => {
  fc.assert(
    fc.property(hostileName, hostileText, (name, text) => {
      const written = { deployments: { [name]: vllm({ servedModelName: text, hardware: { gpu: text, gpuCount: 2 } }) } }
      let file = ''
      try {
        file = render(written)
      } catch (error) {
        // Random text may look like an address with a secret.
        if (RenderError.is(error) && error.message.includes('looks like a secret')) return
        throw error
      }
      expect(parse(file).deployments[name]).toEqual({
        ...vllm(),
        servedModelName: text.trim(),
        hardware: { gpu: text.trim(), gpuCount: 2 },
      })
    }),
  )
})
