import { expect, test } from 'vitest'
import { geographyFits, needsInferenceProfile, parseBedrockModelName } from './bedrock-model-name.js'

test.each([
  ['anthropic.claude-3-7-sonnet-20250219-v1:0', { baseId: 'anthropic.claude-3-7-sonnet-20250219-v1:0' }],
  ['us-gov.anthropic.claude-x-v1:0', { geography: 'us-gov', baseId: 'anthropic.claude-x-v1:0' }],
  ['global.anthropic.claude-x', { geography: 'global', baseId: 'anthropic.claude-x' }],
  ['arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc', { arnRegion: 'eu-west-1' }],
  [
    'arn:aws:bedrock:us-east-1::foundation-model/mistral.mixtral-8x7b-instruct-v0:1',
    { baseId: 'mistral.mixtral-8x7b-instruct-v0:1', arnRegion: 'us-east-1' },
  ],
  ['something-else', {}],
])('%s', (text, expected) => {
  expect(parseBedrockModelName(text)).toEqual(expected)
})

test.each([
  ['us', 'us-west-2', true],
  ['us', 'us-gov-west-1', false],
  ['eu', 'us-east-1', false],
  ['apac', 'ap-northeast-1', true],
  ['jp', 'ap-southeast-2', false],
  ['global', 'sa-east-1', true],
  ['xx', 'sa-east-1', undefined],
  ['constructor', 'us-east-1', undefined],
])('%s. in %s: %s', (geography, region, fits) => {
  expect(geographyFits(geography, region)).toBe(fits)
})

test('newer Claude and Llama need a profile, older ones do not', () => {
  const ids = [
    'anthropic.claude-3-7-sonnet',
    'anthropic.claude-sonnet-4',
    'meta.llama3-3-70b',
    'anthropic.claude-3-5-sonnet',
  ]
  expect(ids.map(needsInferenceProfile)).toEqual([true, true, true, false])
})
