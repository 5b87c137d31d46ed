import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConfig } from './check-config.js'
import { configSchema } from './configuration.js'
import type { Finding, JsonPatchOperation } from './finding.js'
import { formatReport } from './format-report.js'
import type { Report } from './report.js'
import { resolveConfiguration } from './resolve-configuration.js'
import { defineRule } from './rule.js'
import { verdictPrecedence } from './verdict.js'

const good = () => ({
  gitlab: { version: '18.2', tier: 'ultimate', addOn: 'duo-enterprise', betaFeatures: false },
  deployments: {
    code: {
      platform: 'vllm',
      model: 'codestral-22b-v0.1',
      endpoint: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'],
      servedModelName: 'codestral',
      apiKey: 'a-key',
      server: { version: '0.8.5', tensorParallelSize: 2, maxModelLength: 32768, gpuMemoryUtilization: 0.9 },
      hardware: { gpu: 'a100-80gb', gpuCount: 2, cpuCores: 16, ramGB: 64 },
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
      apiVersion: '2024-10-21',
    },
  },
  features: { 'code-completion': 'code', 'code-generation': 'code', 'duo-chat': ['chat', 'gpt'] },
})

const single = (extra: object = {}) => ({
  platform: 'vllm',
  model: 'codestral-22b-v0.1',
  endpoint: 'http://gpu-1:8000/v1',
  ...extra,
})

const find = (report: Report, rule: string): Finding => {
  const finding = report.findings.find((entry) => entry.rule === rule)
  if (finding === undefined) throw new Error(`No ${rule} in: ${report.findings.map((entry) => entry.rule).join(', ')}`)
  return finding
}

function applyPatch(document: unknown, operations: readonly JsonPatchOperation[]): unknown {
  const copy = structuredClone(document)
  const locate = (pointer: string) => {
    const keys = pointer.split('/').slice(1)
    const last = keys.pop() ?? ''
    let parent = copy as Record<string, unknown>
    for (const key of keys) parent = parent[key] as Record<string, unknown>
    return { parent, last }
  }
  for (const operation of operations) {
    const { parent, last } = locate(operation.path)
    if ('from' in operation) {
      const from = locate(operation.from)
      parent[last] = from.parent[from.last]
      delete from.parent[from.last]
    } else if (operation.op === 'remove') delete parent[last]
    else parent[last] = operation.value
  }
  return copy
}

describe('a good configuration', () => {
  test('has no findings, and every requested feature is compatible', () => {
    const report = checkConfig(good())
    expect(report).toMatchObject({ ok: true, verdict: 'compatible', findings: [] })
    expect(Object.keys(report.deployments['code']?.features ?? {})).toEqual(['code-completion', 'code-generation'])
    expect(report.deployments['gpt']?.features['duo-chat']?.level).toBe('full')
  })

  test('resolves to what the client needs', () => {
    const { configuration } = resolveConfiguration(good())
    expect(configuration?.deployments['code']).toMatchObject({
      name: 'code',
      modelId: 'codestral-22b-v0.1',
      servedModelName: 'codestral',
      endpoints: ['http://gpu-1:8000/v1', 'http://gpu-2:8000/v1'],
      apiKey: 'a-key',
    })
    expect(configuration?.deployments['chat']).toMatchObject({
      servedModelName: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      endpoints: [],
    })
    expect(configuration?.deployments['gpt']).toMatchObject({ servedModelName: 'gpt-4o' })
    expect(configuration?.features).toEqual({
      'code-completion': ['code'],
      'code-generation': ['code'],
      'duo-chat': ['chat', 'gpt'],
    })
  })

  test.each([
    ['a gitlab section alone', { gitlab: { version: '18.2' } }],
    ['a deployment nobody routes to', { deployments: { idle: single() } }],
    ['keys that are undefined', { gitlab: undefined, deployments: { idle: single({ apiKey: undefined }) } }],
  ])('%s is ok', (_name, config) => {
    expect(checkConfig(config)).toMatchObject({ ok: true, verdict: 'ok', findings: [] })
  })

  test('names of models are accepted in every form, and the served name follows', () => {
    for (const model of ['Codestral 22B v0.1', 'mistralai/codestral-22b-v0.1'])
      expect(resolveConfiguration(single({ model })).configuration?.deployments['default']).toMatchObject({
        modelId: 'codestral-22b-v0.1',
        modelName: model,
        servedModelName: 'mistralai/Codestral-22B-v0.1',
      })
  })
})

describe('a single deployment', () => {
  test('serves what its model is documented for', () => {
    const { configuration, report } = resolveConfiguration(single(), { release: '18.2' })
    expect(configuration?.features).toEqual({ 'code-completion': ['default'], 'code-generation': ['default'] })
    expect(report).toMatchObject({ ok: true, verdict: 'compatible' })
    expect(Object.keys(resolveConfiguration(single()).configuration?.features ?? {})).toContain('duo-chat')
  })

  test('has paths and patches into itself', () => {
    const config = single({ endpoint: 'http://gpu-1:8000' })
    const finding = find(checkConfig(config), 'endpoint-missing-v1')
    expect(finding.path).toBe('/endpoint')
    expect(checkConfig(applyPatch(config, finding.fix?.patch ?? [])).ok).toBe(true)
  })

  test('has the configuration although a rule has an error', () => {
    const { configuration, report } = resolveConfiguration(single({ model: 'unheard-of' }))
    expect(report).toMatchObject({ ok: false, verdict: 'unsupported-model' })
    expect(configuration?.deployments['default']).toMatchObject({
      modelName: 'unheard-of',
      servedModelName: 'unheard-of',
    })
  })
})

describe('a deployment with a family instead of a model', () => {
  test('is judged on everything else, and its features are unknown', () => {
    const one = single({ model: undefined, modelFamily: 'mistral' })
    const report = checkConfig({ deployments: { one }, features: { 'duo-chat': 'one' } })
    expect(report).toMatchObject({ ok: true, verdict: 'unknown', findings: [] })
    expect(report.deployments['one']?.features['duo-chat']).toMatchObject({ level: 'unlisted', reasons: [] })
  })
})

describe('structural faults', () => {
  test.each([
    ['config-unknown-key', '/servedModelNam', { servedModelNam: 'x' }],
    ['config-missing-key', '/endpoint', { endpoint: undefined }],
    ['config-missing-key', '/model', { model: undefined }],
    ['config-wrong-type', '/server/version', { server: { version: 0.8 } }],
    ['config-wrong-type', '/endpoint', { endpoint: 5 }],
    ['config-invalid-value', '/hardware/gpuCount', { hardware: { gpuCount: 0 } }],
    ['config-invalid-value', '/modelFamily', { modelFamily: 'mystral' }],
    ['platform-unknown', '/platform', { platform: 'vlm' }],
  ])('%s at %s', (rule, path, extra) => {
    const { configuration, report } = resolveConfiguration(single(extra))
    expect(configuration).toBeUndefined()
    expect(report.ok).toBe(false)
    expect(find(report, rule)).toMatchObject({ severity: 'error', path })
  })

  test('a misspelled key is renamed by the patch, and the rest is still judged', () => {
    const config = { deployments: { one: single({ servedModelNam: 'x', endpoint: 'http://gpu-1:8000' }) } }
    const report = checkConfig(config)
    const finding = find(report, 'config-unknown-key')
    expect(find(report, 'endpoint-missing-v1').path).toBe('/deployments/one/endpoint')
    expect(applyPatch(config, finding.fix?.patch ?? [])).toEqual({
      deployments: { one: single({ servedModelName: 'x', endpoint: 'http://gpu-1:8000' }) },
    })
  })

  test('a slash and a tilde in a name are escaped in the path', () => {
    const report = checkConfig({ deployments: { 'a/b~c': single({ endpoint: 'http://gpu-1:8000' }) } })
    expect(find(report, 'endpoint-missing-v1').path).toBe('/deployments/a~1b~0c/endpoint')
  })

  test('the published schema agrees about what is valid', () => {
    const parts = good()
    for (const config of [parts, single(), { gitlab: {} }, single({ x: 1 }), { gitlab: { tier: 'gold' } }, 5, []]) {
      const valid = resolveConfiguration(config).configuration !== undefined
      expect(configSchema.safeParse(config).success).toBe(valid)
    }
  })
})

describe('secrets', () => {
  test('never appear in a report, whatever is wrong with them', () => {
    const secret = 's3cr3t-value'
    const configs = [
      single({ apiKey: [secret], endpoint: `http://user:${secret}@gpu-1:8000` }),
      single({ endpoint: `http://user:${secret}@gpu-1:8000/v1/chat/completions` }),
      single({ endpoint: `ftp://${secret}@gpu-1/v1`, server: { version: `http://x:${secret}@y` } }),
      { gitlab: { aiGateway: { env: { AWS_SECRET_ACCESS_KEY: [secret] } } } },
      { gitlab: { aiGateway: { url: 5 } }, deployments: { one: single({ model: `https://a:${secret}@b` }) } },
    ]
    for (const config of configs) {
      const report = checkConfig(config)
      expect(report.findings.length).toBeGreaterThan(0)
      expect(JSON.stringify(report)).not.toContain(secret)
      expect(formatReport(report, 'pretty')).not.toContain(secret)
    }
  })
})

describe('options', () => {
  test('release decides over gitlab.version', () => {
    const rules = checkConfig({ gitlab: { version: '18.2' } }, { release: '99.0' }).findings.map(({ rule }) => rule)
    expect(rules).toEqual(['version-newer-than-data'])
  })

  test('a platform of the caller is structurally free', () => {
    const config = {
      deployments: { own: { platform: 'ollama', model: 'codestral-22b-v0.1', anything: { goes: true } } },
    }
    expect(resolveConfiguration(config).configuration).toBeUndefined()
    const { configuration, report } = resolveConfiguration(config, { platforms: ['ollama'] })
    expect(report.ok).toBe(true)
    expect(configuration?.deployments['own']).toMatchObject({
      platform: 'ollama',
      settings: { anything: { goes: true } },
    })
  })

  test('a rule of the caller runs beside no other', () => {
    const rule = defineRule({
      id: 'no-default-name',
      severity: 'warning',
      scope: 'deployment',
      description: 'Deployments need a name.',
      sources: [],
      check: ({ deployment }) =>
        deployment.name === 'default' ? { message: 'The deployment has no name.', path: '' } : undefined,
    })
    const report = checkConfig(single({ endpoint: 'http://gpu-1:8000' }), { rules: [rule], release: '18.2' })
    expect(report.findings.map(({ rule: id }) => id)).toEqual(['no-default-name'])
    expect(report).toMatchObject({ ok: true, verdict: 'warning' })
  })

  test('source gives findings their place in the text', () => {
    const source = { positionOf: (path: string) => (path === '/endpoint' ? { line: 3, column: 1 } : undefined) }
    const report = checkConfig(single({ endpoint: 'http://gpu-1:8000' }), { source })
    expect(find(report, 'endpoint-missing-v1').position).toEqual({ line: 3, column: 1 })
    expect(formatReport(report, 'pretty')).toContain('/endpoint (3:1)')
  })
})

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let index = 0; index < depth; index += 1) value = { deployments: value }
  return value
}

const cyclic: Record<string, unknown> = { platform: 'vllm' }
cyclic['server'] = cyclic
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const throwing = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('secret of the trap')
    },
  },
)

describe('hostile input', () => {
  test.each<[string, unknown, string]>([
    ['a cycle', cyclic, 'config-circular'],
    ['endless depth', nested(1_000_000), 'config-too-large'],
    [
      'a getter that throws',
      Object.defineProperty({}, 'gitlab', { enumerable: true, get: () => JSON.parse('{') }),
      'config-unreadable',
    ],
    ['a proxy that throws', throwing, 'config-unreadable'],
    ['a revoked proxy', revoked.proxy, 'config-unreadable'],
    ['a BigInt', { gitlab: { version: 10n } }, 'config-wrong-type'],
    ['a function', { gitlab: () => 1 }, 'config-wrong-type'],
    ['a date', single({ server: { version: new Date(0) } }), 'config-wrong-type'],
    ['a map', new Map([['gitlab', {}]]), 'config-wrong-type'],
    ['its own __proto__', JSON.parse('{"gitlab":{},"__proto__":{"polluted":true}}'), 'config-unknown-key'],
    ['a huge list', single({ endpoint: Array.from({ length: 1_000_000 }, () => 'http://a/v1') }), 'config-too-large'],
    ['an endless sparse list', single({ endpoint: new Array(2 ** 32 - 1) }), 'config-too-large'],
    ['NaN', single({ hardware: { ramGB: Number.NaN } }), 'config-invalid-value'],
    ['Infinity', single({ hardware: { ramGB: Number.POSITIVE_INFINITY } }), 'config-invalid-value'],
    ['nothing', undefined, 'config-wrong-type'],
    ['null', null, 'config-wrong-type'],
    ['a list', [], 'config-wrong-type'],
    ['text', 'platform: vllm', 'config-wrong-type'],
  ])('%s is a finding', (_name, input, rule) => {
    const { configuration, report } = resolveConfiguration(input)
    expect(configuration).toBeUndefined()
    expect(find(report, rule).severity).toBe('error')
    expect(JSON.stringify(report)).not.toContain('secret of the trap')
  })

  test('nothing reaches Object.prototype', () => {
    checkConfig(
      JSON.parse('{"deployments":{"__proto__":{"polluted":1}},"features":{"__proto__":"x","constructor":"y"}}'),
    )
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('names of Object.prototype are names like any other', () => {
    const report = checkConfig({
      deployments: { constructor: single(), toString: single() },
      features: { 'code-completion': ['constructor', 'valueOf'] },
    })
    expect(Object.keys(report.deployments)).toEqual(['constructor', 'toString'])
    expect(find(report, 'deployment-unknown').message).toContain('"valueOf"')
  })

  test('the number of findings is bounded, and the last one says so', () => {
    const deployments = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, index) => [`d${index}`, single({ typo: 1 })]),
    )
    const report = checkConfig({ deployments })
    expect(report.findings).toHaveLength(500)
    expect(report.findings.at(-1)).toMatchObject({ rule: 'findings-left-out', severity: 'error' })
  })

  test('any value gives a report that keeps its promises', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    })
    fc.assert(
      fc.property(anything, (input) => {
        expectSound(input)
      }),
    )
  })

  test('any change to a good configuration gives a report that keeps its promises', () => {
    const values = fc.oneof(
      fc.anything(),
      fc.constantFrom('vllm', 'bedrock', 'gpt-4o', 'http://x', '18.2', '', '__proto__'),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), values), { minLength: 1, maxLength: 4 }), (changes) => {
        const config = good()
        for (const [seed, value] of changes) mutate(config, seed, value)
        expectSound(config)
      }),
    )
  })
})

function expectSound(input: unknown): void {
  const { configuration, report } = resolveConfiguration(input)
  expect(report.ok).toBe(!report.findings.some(({ severity }) => severity === 'error'))
  expect(verdictPrecedence).toContain(report.verdict)
  expect(JSON.parse(JSON.stringify(report))).toBeTypeOf('object')
  for (const { path, message } of report.findings) {
    expect(path).toMatch(/^(\/[^/]*)*$/)
    expect(message.length).toBeGreaterThan(0)
  }
  if (configuration === undefined) expect(report.ok).toBe(false)
}

function mutate(root: object, seed: number, value: unknown): void {
  let parent: object = root
  let rest = seed
  for (;;) {
    const keys = Object.keys(parent)
    const key = keys[rest % Math.max(1, keys.length)]
    if (key === undefined) return
    rest = Math.floor(rest / Math.max(1, keys.length))
    const child: unknown = Reflect.get(parent, key)
    if (rest % 3 === 0 || typeof child !== 'object' || child === null) {
      Reflect.set(parent, key, value)
      return
    }
    parent = child
  }
}
