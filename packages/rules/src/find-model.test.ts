import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { catalog } from './catalog/catalog.js'
import { findModel } from './find-model.js'

const id = (name: string) => findModel(name).model?.id

describe('findModel', () => {
  test('knows every model by id, name and Hugging Face id, in any case', () => {
    for (const model of Object.values(catalog.models))
      for (const name of [model.id, model.name, model.huggingFaceId, model.huggingFaceId?.split('/')[1]])
        if (name !== undefined)
          expect([id(name), id(name.toUpperCase()), id(` ${name} `)]).toEqual([model.id, model.id, model.id])
  })

  test.each([
    ['anthropic.claude-3-5-sonnet-20240620-v1:0', 'claude-3.5-sonnet'],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 'claude-3.5-sonnet'],
    ['us.anthropic.claude-3-7-sonnet-20250219-v1:0', 'claude-3.7-sonnet'],
    ['us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0', 'claude-3.5-sonnet'],
    ['jp.anthropic.claude-3-7-sonnet-20250219-v1:0', 'claude-3.7-sonnet'],
    ['mistral.mixtral-8x7b-instruct-v0:1', 'mixtral-8x7b-it-v0.1'],
    ['mistral.mistral-7b-instruct-v0:2', 'mistral-7b-it-v0.2'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0',
      'claude-3.7-sonnet',
    ],
    ['arn:aws:bedrock:us-east-1::foundation-model/mistral.mixtral-8x7b-instruct-v0:1', 'mixtral-8x7b-it-v0.1'],
  ])('%s is %s', (name, expected) => {
    expect(id(name)).toBe(expected)
  })

  test.each([
    'mistral-7b-it',
    'Mistral-7B-Instruct-v0.4',
    'claude-3.5',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcd1234efgh',
    '',
  ])('%j is no model', (name) => {
    expect(findModel(name).model).toBeUndefined()
  })

  test('suggests what looks alike and applies nothing', () => {
    expect(findModel('codestral-22b').suggestions).toContain('codestral-22b-v0.1')
    expect(findModel('gtp-4o').suggestions?.[0]).toBe('gpt-4o')
    expect(findModel('something entirely different').suggestions).toEqual([])
  })

  test('answers any text, with a model or with suggestions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { model, suggestions } = findModel(name)
        expect((model === undefined) !== (suggestions === undefined)).toBe(true)
      }),
    )
  })
})
