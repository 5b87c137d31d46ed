import { expect, test } from 'vitest'
import { identifierFor, parseIdentifier } from './gitlab-identifier.js'

test.each([
  ['custom_openai/mistralai/X', 'custom_openai', 'mistralai/X', 'mistralai/X'],
  ['mistralai/X', 'mistralai', 'X', 'mistralai/X'],
  ['codestral', undefined, 'codestral', 'codestral'],
  ['custom_openai/', 'custom_openai', '', ''],
  ['Bedrock/x', 'Bedrock', 'x', 'x'],
  ['/x', '', 'x', '/x'],
])('%s splits at the first slash', (text, provider, rest, modelName) => {
  expect(parseIdentifier(text)).toEqual({ text, ...(provider === undefined ? {} : { provider }), rest, modelName })
})

test('an ARN gets converse/ on Bedrock, and nothing anywhere else', () => {
  expect(identifierFor('bedrock', 'arn:aws:bedrock:x')).toBe('bedrock/converse/arn:aws:bedrock:x')
  expect(identifierFor('bedrock', 'us.anthropic.x')).toBe('bedrock/us.anthropic.x')
  expect(identifierFor('azure-openai', 'gpt-4o')).toBe('azure/gpt-4o')
})
