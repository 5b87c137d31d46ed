import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAtLeast, isImageReference, officialImage } from './image.js'

describe('isImageReference', () => {
  test.each([
    'vllm/vllm-openai:v0.8.5',
    'ubuntu',
    'registry.example.com:5000/team/vllm_openai:v0.8.5-cu124',
    'localhost/vllm@sha256:'.padEnd(86, 'a'),
  ])('%s is one', (text) => {
    expect(isImageReference(text)).toBe(true)
  })

  test.each([
    '',
    ' ',
    'Upper/Case',
    'a b',
    'a:',
    'a\n',
    'a:b:c',
    '-a',
    'a//b',
    'a@sha256:short',
    '$(id)',
    'a'.repeat(600),
  ])('%j is none', (text) => {
    expect(isImageReference(text)).toBe(false)
  })

  test('is quick with any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '-', '_', '.', '/', ':'), maxLength: 600 }),
        (text) => void isImageReference(text),
      ),
    )
  })
})

test('official images are tagged with the released version', () => {
  expect(officialImage('0.6.4.post1')).toBe('vllm/vllm-openai:v0.6.4.post1')
  expect(officialImage('0.19.0', 'AMD')).toBe('vllm/vllm-openai-rocm:v0.19.0')
  expect(officialImage('0.9.0', 'AMD')).toBeUndefined()
  for (const version of ['latest', '0.6.5.dev12+gabc123', '', '1', 'v 1'])
    expect(officialImage(version)).toBeUndefined()
})

test('versions are ordered as vLLM orders them', () => {
  expect(isAtLeast('0.6.4.post1', '0.6.4')).toBe(true)
  expect(isAtLeast('0.9.2', '0.19.0')).toBe(false)
  expect(isAtLeast('nightly', '0.19.0')).toBe(true)
})
