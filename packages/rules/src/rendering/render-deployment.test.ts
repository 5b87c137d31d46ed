import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorOf } from '../../test/rendering/error-of.js'
import { examplePlan, mixedConfiguration } from '../../test/rendering/example-plans.js'
import { renderDeployment, renderFormats } from './render-deployment.js'
import { RenderError } from './render-error.js'
import type { RenderFormat } from './render-format.js'

type Arguments = Parameters<typeof renderDeployment>
const bedrock = mixedConfiguration.deployments.chat

const explode = () => {
  throw new Error('hunter2')
}

test('the formats are listed', () => {
  expect(renderFormats).toEqual([
    'vllm-serve',
    'docker-compose',
    'kubernetes',
    'ai-gateway-env',
    'gitlab-form',
    'duo-models',
  ])
})

describe.each(renderFormats)('%s', (format) => {
  test('gives the same text each time, which ends with one line break', () => {
    const text = renderDeployment(examplePlan(), format)
    expect(text).toBe(renderDeployment(examplePlan(), format))
    expect(text).toMatch(/[^\n]\n$/)
  })

  test('shows no secret of a configuration', () => {
    expect(renderDeployment(mixedConfiguration, format)).not.toContain('not-to-be-seen')
  })

  test('does not touch what it is given', () => {
    const plan = deepFreeze(examplePlan())
    const configuration = deepFreeze(structuredClone(mixedConfiguration))
    expect(() => renderDeployment(plan, format, Object.freeze({}))).not.toThrow()
    expect(() => renderDeployment(configuration, format)).not.toThrow()
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'vllm'],
    ['a list', []],
    ['an unknown key', { deploymentz: {} }],
    ['a deployment without its endpoint', { platform: 'vllm', model: 'gpt-4o' }],
    ['a plan without members', { configuration: {}, memory: {} }],
    [
      'a plan with a hostile getter',
      {
        memory: {},
        get configuration() {
          throw new Error('hunter2')
        },
      },
    ],
    ['a proxy that throws', new Proxy({}, { getOwnPropertyDescriptor: explode, ownKeys: explode })],
    ['a plan whose configuration has faults', examplePlan({ configuration: { apiKey: 'hunter2' } })],
    ['a plan with endless values', examplePlan({ replicas: Number.POSITIVE_INFINITY })],
  ])('%s is refused in words', (_, input) => {
    const error = errorOf(() => renderDeployment(input as Arguments[0], format))
    expect(error).toMatchObject({ code: 'invalid-input', format })
    expect(error.message).toMatch(/^The (?:plan|configuration) cannot be read\. .+\.$/s)
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2')
  })

  test('a plan that does not fit is refused with its reason', () => {
    const findings = [
      { rule: 'a', severity: 'warning', message: 'Not this one.' },
      { rule: 'memory-exceeded', severity: 'error', message: 'The weights take 44.5 GiB of 39.4.' },
    ]
    const plan = examplePlan({ memory: { fits: false, perGpu: { weightsGiB: 44.5 }, findings } })
    expect(errorOf(() => renderDeployment(plan, format))).toMatchObject({
      code: 'does-not-fit',
      format,
      message:
        'The plan for "mistral-7b-it-v0.3" is not rendered: vLLM would not start with it. The weights take 44.5 GiB of 39.4.',
    })
  })
})

test('an unknown format gets a suggestion', () => {
  const render = (format: unknown) => errorOf(() => renderDeployment(examplePlan(), format as RenderFormat))
  expect(render('kubernets')).toMatchObject({ code: 'unknown-format', format: 'kubernets' })
  expect(render('kubernets').message).toContain("Did you mean 'kubernetes'? Use one of vllm-serve,")
  for (const format of [undefined, null, '__proto__', 'toString', 7]) expect(render(format).code).toBe('unknown-format')
})

describe('formats for vLLM', () => {
  test.each(['vllm-serve', 'docker-compose', 'kubernetes'] as const)(
    '%s says what there is instead of a vLLM deployment',
    (format) => {
      expect(errorOf(() => renderDeployment(bedrock, format))).toMatchObject({
        code: 'nothing-to-render',
        format,
        deployment: 'default',
        message: `${format} is for vLLM deployments, and there is none. "default" is on "bedrock". For other platforms there are ai-gateway-env and gitlab-form.`,
      })
      expect(errorOf(() => renderDeployment(mixedConfiguration, format, { deployment: 'gpt' }))).toMatchObject({
        deployment: 'gpt',
      })
      expect(errorOf(() => renderDeployment({ gitlab: { version: '18.2' } }, format)).message).toContain(
        'has no deployments',
      )
    },
  )
})

describe('options', () => {
  test.each<[string, object, RegExp]>([
    ['unknown', { namespce: 'a' }, /There is no option "namespce"\. Did you mean namespace\?/],
    ['a name', { name: 'a\nkind: Secret' }, /options\.name is "a\\nkind: Secret": Expected lower-case letters/],
    ['a namespace', { namespace: '-a' }, /options\.namespace is "-a"/],
    ['an image', { image: 'vllm; rm -rf /' }, /options\.image is "vllm; rm -rf \/"/],
    ['a port', { port: 0 }, /options\.port is 0/],
    ['a Secret', { apiKeySecret: { name: 'a', key: 'b c' } }, /options\.apiKeySecret/],
    ['a cache', { modelCache: { hostPath: 'relative' } }, /options\.modelCache/],
    ['a distribution', { distributed: 'slurm' }, /options\.distributed is "slurm"/],
    ['an address', { gitlabUrl: 'https://user:hunter2@gitlab' }, /options\.gitlabUrl/],
    ['no options', null as unknown as object, /options is null/],
    ['a key in the wrong place', { apiKeySecret: 'Hunter2!' }, /options\.apiKeySecret is a hidden value/],
    [
      'what throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('hunter2')
          },
        },
      ),
      /cannot be used/,
    ],
  ])('%s that cannot be used is named', (_, options, message) => {
    const error = errorOf(() => renderDeployment(examplePlan(), 'kubernetes', options))
    expect(error).toMatchObject({ code: 'invalid-option', message })
    expect(error.message).not.toMatch(/hunter2/i)
  })

  test('any value gives text or a RenderError', () => {
    const names = [
      'deployment',
      'name',
      'namespace',
      'image',
      'port',
      'modelPath',
      'modelCache',
      'apiKeySecret',
      'nodeSelector',
      'spareGpus',
      'platforms',
    ]
    const options = fc.dictionary(fc.constantFrom(...names), fc.anything(), { maxKeys: 2 })
    fc.assert(
      fc.property(options, fc.constantFrom(...renderFormats), (value, format) => {
        try {
          expect(renderDeployment(examplePlan(), format, value)).toMatch(/\n$/)
        } catch (error) {
          if (!RenderError.is(error)) throw error
        }
      }),
    )
  })
})

test('any input gives text or a RenderError', () => {
  const member = fc.oneof(fc.anything(), fc.constantFrom('', -1, 0, 1.5, Number.NaN, '1', null, [], {}))
  const key = fc.constantFrom(...Object.keys(examplePlan()))
  const input = fc.oneof(
    fc.anything(),
    fc.dictionary(key, member, { maxKeys: 3 }).map((changes) => examplePlan(changes)),
  )
  fc.assert(
    fc.property(input, fc.constantFrom(...renderFormats), (value, format) => {
      try {
        renderDeployment(value as Arguments[0], format)
      } catch (error) {
        if (!RenderError.is(error)) throw error
      }
    }),
    { numRuns: 300 },
  )
})

test('RenderError knows its own across copies of the package', () => {
  const error = errorOf(() => renderDeployment(bedrock, 'kubernetes'))
  const copy = Object.assign(new Error('x'), { code: 'unsupported' })
  Object.defineProperty(copy, Symbol.for('duo-models.RenderError'), { value: true })
  expect([error, copy, new Error('x'), null].map((value) => RenderError.is(value))).toEqual([true, true, false, false])
  expect(error).toMatchObject({ name: 'RenderError' })
  expect(Object.keys(new RenderError({ code: 'unsupported', format: 'kubernetes', message: 'x' }))).not.toContain(
    'deployment',
  )
})

function deepFreeze<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) deepFreeze(member)
  return Object.freeze(value)
}
