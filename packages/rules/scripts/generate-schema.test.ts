import { readFileSync } from 'node:fs'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { catalog } from '../src/catalog/catalog.js'
import { checkConfig } from '../src/check-config.js'
import { configurationExample } from '../src/configuration-examples.js'
import { generateSchema } from './generate-schema.js'

const committed = readFileSync(new URL('../schemas/duo-models.schema.json', import.meta.url), 'utf8')
const schema = JSON.parse(committed)
const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(
  schema,
)

interface Schema {
  readonly description?: string
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly [key: string]: unknown
}

const vllm = { platform: 'vllm', model: 'codestral-22b-v0.1', endpoint: 'http://gpu-1:8000/v1' }
const bedrock = { platform: 'bedrock', model: 'claude-3.7-sonnet', region: 'us-east-1', modelId: 'a.b-v1:0' }
const azure = {
  platform: 'azure-openai',
  model: 'gpt-4o',
  endpoint: 'https://x.openai.azure.com',
  deployment: 'gpt-4o',
}
const whole = (part: object) => ({ deployments: { one: vllm }, ...part })
const one = (extra: object) => ({ deployments: { one: { ...vllm, ...extra } } })
const without = (deployment: object, key: string) => ({
  deployments: { one: Object.fromEntries(Object.entries(deployment).filter(([name]) => name !== key)) },
})

const good: readonly (readonly [string, unknown])[] = [
  ['the example', configurationExample],
  ['nothing at all', {}],
  ['GitLab settings alone', { gitlab: { version: '18.2' } }],
  ['a single vLLM deployment', vllm],
  ['a single Bedrock deployment', bedrock],
  ['a single Azure OpenAI deployment', azure],
  ['a family instead of a model', one({ model: undefined, modelFamily: 'mistral' })],
  ['an alias', one({ model: 'mistralai/Codestral-22B-v0.1' })],
  ['a model nobody knows', one({ model: 'our-own-model' })],
  ['a GPU nobody knows', one({ hardware: { gpu: 'our-own-gpu', gpuMemoryGB: 24, gpuCount: 1 } })],
  ['replicas', one({ endpoint: ['http://a/v1', 'http://b/v1'] })],
  ['fallbacks', whole({ features: { 'duo-chat': ['one', 'one'] } })],
  ["one of GitLab's setting keys", whole({ features: { duo_chat_explain_code: 'one' } })],
  ['serve arguments in one line', one({ server: { serveArgs: '--max-model-len 4096' } })],
  ['serve arguments as a list', one({ server: { serveArgs: ['--max-model-len', '4096'] } })],
  ['the environment of the AI gateway', { gitlab: { aiGateway: { env: { AIGW_CUSTOM_MODELS__ENABLED: 'true' } } } }],
]

const bad: readonly (readonly [string, unknown])[] = [
  ['a list', []],
  ['text', 'vllm'],
  ['null', null],
  ['a number', 1],
  ['an unknown section', whole({ feature: {} })],
  ['a section of another type', whole({ gitlab: 'x' })],
  ['deployments as a list', { deployments: [vllm] }],
  ['features as a list', whole({ features: ['duo-chat'] })],
  ['an unknown feature', whole({ features: { 'duo-chats': 'one' } })],
  ['a route that is a number', whole({ features: { 'duo-chat': 1 } })],
  ['a route of nothing', whole({ features: { 'duo-chat': [] } })],
  ['a route to an empty name', whole({ features: { 'duo-chat': '' } })],
  ['a deployment that is text', { deployments: { one: 'vllm' } }],
  ['a deployment without a name', { deployments: { '': vllm } }],
  ['a deployment with a very long name', { deployments: { ['n'.repeat(256)]: vllm } }],
  ['no platform', without(vllm, 'platform')],
  ['an unknown platform', one({ platform: 'vlm' })],
  ['a platform that is a number', one({ platform: 1 })],
  ['no model', without(vllm, 'model')],
  ['an empty model', one({ model: '' })],
  ['a model of spaces', one({ model: '  ' })],
  ['a model that is a number', one({ model: 4 })],
  ['an unknown family', one({ modelFamily: 'llama' })],
  ['no endpoint', without(vllm, 'endpoint')],
  ['no replicas', one({ endpoint: [] })],
  ['a replica that is a number', one({ endpoint: ['http://a/v1', 2] })],
  ['an endpoint that is an object', one({ endpoint: { url: 'http://a/v1' } })],
  ['an unknown key of a deployment', one({ servedModel: 'x' })],
  ['a key of another platform', one({ region: 'us-east-1' })],
  ['no Region', without(bedrock, 'region')],
  ['no Bedrock model id', without(bedrock, 'modelId')],
  ['no Azure deployment', without(azure, 'deployment')],
  ['an API version that is a number', { deployments: { one: { ...azure, apiVersion: 2024 } } }],
  ['an unknown key of the server', one({ server: { tensorParallel: 2 } })],
  ['a fraction of a GPU', one({ server: { tensorParallelSize: 1.5 } })],
  ['no GPU to split over', one({ server: { tensorParallelSize: 0 } })],
  ['more than all memory', one({ server: { gpuMemoryUtilization: 1.1 } })],
  ['a number in quotes', one({ server: { maxModelLength: '4096' } })],
  ['a server version that is a number', one({ server: { version: 0.8 } })],
  ['negative memory', one({ hardware: { ramGB: -1 } })],
  ['an unknown credential', one({ credentials: 'password' })],
  ['a GitLab version that is a number', { gitlab: { version: 18.2 } }],
  ['a GitLab version that is a word', { gitlab: { version: 'newest' } }],
  ['an unknown tier', { gitlab: { tier: 'gold' } }],
  ['yes for a boolean', { gitlab: { offline: 'yes' } }],
  ['no time at all', { gitlab: { aiGateway: { timeoutSeconds: 0 } } }],
  ['a number in the environment', { gitlab: { aiGateway: { env: { PORT: 5052 } } } }],
  ['a single deployment beside sections', { ...vllm, gitlab: {} }],
]

const structural = /^(config-.*|platform-unknown|feature-unknown)$/

function structuralFaults(config: unknown): string[] {
  return checkConfig(config)
    .findings.map(({ rule }) => rule)
    .filter((rule) => structural.test(rule))
}

// What a file cannot hold is not part of the comparison.
const asFile = (config: unknown): unknown => JSON.parse(JSON.stringify(config))

describe('the published JSON Schema', () => {
  test('is what the configuration says now', () => {
    expect(generateSchema()).toBe(committed)
  })

  test.each(good)('accepts %s, as checkConfig does', (_name, config) => {
    validate(asFile(config))
    expect(validate.errors satisfies ErrorObject[] | null | undefined).toBeNull()
    expect(structuralFaults(asFile(config))).toEqual([])
  })

  test.each(bad)('refuses %s, as checkConfig does', (_name, config) => {
    expect(validate(asFile(config))).toBe(false)
    expect(structuralFaults(asFile(config))).not.toEqual([])
  })

  test('describes every property', () => {
    const bare: string[] = []
    const visit = (value: Schema, path: string) => {
      for (const [name, property] of Object.entries(value.properties ?? {}))
        if (property.description === undefined && !describesItself(property)) bare.push(`${path}/${name}`)
      for (const [key, child] of Object.entries(value))
        if (typeof child === 'object' && child !== null) visit(child as Schema, `${path}/${key}`)
    }
    const describesItself = ({ $ref }: Schema) => schema.$defs[$ref?.split('/').at(-1) ?? '']?.description !== undefined
    visit(schema, '')
    expect(bare).toEqual([])
  })

  test('offers every model, feature and GPU, and takes any other name', () => {
    const offered = JSON.stringify(schema)
    for (const id of [...Object.keys(catalog.models), ...Object.keys(catalog.features), ...Object.keys(catalog.gpus)])
      expect(offered, id).toContain(`"${id}"`)
  })

  test('every example in it is valid', () => {
    for (const example of schema.examples) expect(validate(example)).toBe(true)
    const check = new Ajv2020({ strict: false })
    const visit = (value: Schema) => {
      const { examples, ...rest } = value
      if (Array.isArray(examples) && value !== schema)
        for (const example of examples) expect(check.validate({ ...rest, $defs: schema.$defs }, example)).toBe(true)
      for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) visit(child as Schema)
    }
    visit(schema)
  })
})
