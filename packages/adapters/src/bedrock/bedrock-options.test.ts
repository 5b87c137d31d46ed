import { describe, expect, it } from 'vitest'
import type { AdapterTarget } from '../adapter.js'
import { DuoModelError } from '../errors/duo-model-error.js'
import { type BedrockTestOptions, bedrockTarget, claudeModelId, mistralModelId } from '../testing/connect-bedrock.js'
import { readBedrockOptions } from './bedrock-options.js'

const context = { connectTimeoutMs: 1_000, maxConnections: 1 }
const target = (options: BedrockTestOptions, endpoint?: string): AdapterTarget => bedrockTarget(endpoint, options)

function refused(options: BedrockTestOptions, endpoint?: string): string {
  try {
    readBedrockOptions(target(options, endpoint), context)
  } catch (error) {
    if (!DuoModelError.is(error, 'configuration')) throw error
    expect(error).toMatchObject({ deployment: 'chat', platform: 'bedrock' })
    return error.message
  }
  throw new Error('The target was accepted.')
}

describe('readBedrockOptions', () => {
  it('takes a deployment of the configuration', () => {
    const settings = {
      platform: 'bedrock',
      modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      profile: 'work',
      credentials: 'irsa',
      useFipsEndpoint: false,
      guardrail: { guardrailIdentifier: 'gr1' },
    }
    expect(readBedrockOptions(target({ settings }, 'https://vpce.example.com/x/'), context)).toMatchObject({
      deployment: 'chat',
      model: 'claude-3.5-sonnet',
      modelId: 'us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      region: 'us-east-1',
      api: 'converse',
      profile: 'work',
      credentialSource: 'irsa',
      useFipsEndpoint: false,
      guardrail: { guardrailIdentifier: 'gr1', guardrailVersion: 'DRAFT' },
      endpoint: new URL('https://vpce.example.com/x/'),
    })
  })

  it('leaves out what was not said', () => {
    const { region, ...options } = readBedrockOptions(target({ apiKey: '' }), context)
    expect(options).toEqual({
      deployment: 'chat',
      model: 'claude-3.5-sonnet',
      modelId: claudeModelId,
      api: 'converse',
      tls: undefined,
    })
    expect(region).toBe('us-east-1')
  })

  it.each([
    ['an empty model id', { modelId: ' ' }, "needs 'modelId'"],
    ['a GitLab identifier', { modelId: 'bedrock/us.anthropic.claude-x' }, "Write 'us.anthropic.claude-x'"],
    ['a GitLab identifier of an ARN', { modelId: 'bedrock/converse/arn:aws:x' }, "Write 'arn:aws:x'"],
    ['a key with a line break', { apiKey: 'key\n' }, 'line break'],
    ['a Region with a host in it', { settings: { region: 'us-east-1.evil.com/' } }, 'cannot be one'],
    ['a Region that is no text', { settings: { region: 7 } }, "'region' that is no text"],
    ['unknown credentials', { settings: { credentials: 'magic' } }, 'environment, instance-role, irsa, bearer'],
    ['an unknown api', { settings: { api: 'chat' } }, 'converse, invoke-model'],
    [
      'InvokeModel for a model whose words are not known',
      { model: 'x', modelId: 'meta.llama3', settings: { api: 'invoke-model' } },
      "Use 'converse'",
    ],
    ['a switch that is none', { settings: { useFipsEndpoint: 'yes' } }, 'not true or false'],
    ['a guardrail that is no object', { settings: { guardrail: 'gr1' } }, 'no object'],
    ['a guardrail without an id', { settings: { guardrail: { guardrailVersion: '1' } } }, 'guardrailIdentifier'],
  ])('refuses %s', (_name, options, words) => {
    expect(refused(options)).toContain(words)
  })

  it.each([
    ['ftp://vpce.example.com', 'neither http:// nor https://'],
    ['vpce.example.com', 'no URL'],
    ['https://user:pa55@vpce.example.com', 'user name or a password'],
    ['https://vpce.example.com/?a=b', 'query'],
    ['http://169.254.169.254/', 'metadata service'],
    ['https://vpce.example.com/x/model/y/converse', 'Write https://vpce.example.com/x.'],
  ])('refuses the endpoint %s', (endpoint, words) => {
    expect(refused({}, endpoint)).toContain(words)
    expect(refused({}, endpoint)).not.toContain('pa55')
  })

  it('takes InvokeModel for Claude and Mistral', () => {
    for (const modelId of [claudeModelId, mistralModelId])
      expect(readBedrockOptions(target({ modelId, settings: { api: 'invoke-model' } }), context).api).toBe(
        'invoke-model',
      )
  })
})
