import { describe, expect, it } from 'vitest'
import { describeBedrockModel } from './bedrock-model.js'

describe('describeBedrockModel', () => {
  it.each([
    ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'anthropic', 'forced-tool'],
    ['us.anthropic.claude-3-7-sonnet-20250219-v1:0', 'anthropic', 'forced-tool'],
    ['apac.anthropic.claude-sonnet-4-20250514-v1:0', 'anthropic', 'forced-tool'],
    ['us.anthropic.claude-opus-4-1-20250805-v1:0', 'anthropic', 'forced-tool'],
    ['anthropic.claude-instant-v1', 'anthropic', 'forced-tool'],
    ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic', 'output-config'],
    ['global.anthropic.claude-opus-4-6-v1', 'anthropic', 'output-config'],
    ['us.anthropic.claude-sonnet-5', 'anthropic', 'output-config'],
    ['mistral.mistral-7b-instruct-v0:2', 'mistral', 'prompt'],
    ['mistral.mixtral-8x7b-instruct-v0:1', 'mistral', 'prompt'],
    ['mistral.mistral-large-2402-v1:0', undefined, 'prompt'],
    ['us.meta.llama3-3-70b-instruct-v1:0', undefined, 'prompt'],
  ])('%s', (modelId, nativeFormat, jsonMeans) => {
    expect(describeBedrockModel(modelId, '')).toMatchObject({ nativeFormat, jsonMeans })
  })

  it.each([
    ['mixtral-8x7b-it-v0.1', 'mistral', 'prompt'],
    ['claude-3.7-sonnet', 'anthropic', 'forced-tool'],
    ['claude-4-sonnet', 'anthropic', 'forced-tool'],
    ['claude-4.5-sonnet', 'anthropic', 'output-config'],
  ])('takes the catalog at its word where the id is an ARN: %s', (model, nativeFormat, jsonMeans) => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh'
    expect(describeBedrockModel(arn, model)).toMatchObject({ nativeFormat, jsonMeans })
  })
})
