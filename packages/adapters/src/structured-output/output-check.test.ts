import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ResponseFormat } from '../message.js'
import { createOutputCheck } from './output-check.js'

async function check(format: ResponseFormat, text: string) {
  const outputCheck = await createOutputCheck(format)
  return outputCheck?.(text)
}

const person = {
  type: 'object',
  required: ['name', 'pets'],
  properties: { name: { type: 'string' }, pets: { type: 'array', items: { $ref: '#/$defs/pet' } } },
  $defs: { pet: { type: 'object', required: ['legs'], properties: { legs: { type: 'integer', minimum: 0 } } } },
}

describe('a JSON Schema', () => {
  const format: ResponseFormat = { type: 'json-schema', schema: person }

  it('accepts what fits it', async () => {
    expect(await check(format, '{"name":"Ada","pets":[{"legs":4}]}')).toBeUndefined()
  })

  it.each([
    ['{"name":"Ada","pets":[{"legs":4},{"legs":-1}]}', '/pets/1/legs', 'minimum'],
    ['{"name":1,"pets":[]}', '/name', 'type'],
    ['{"name":"Ada"}', '', 'required'],
    ['[]', '', 'type'],
    ['{"name":"Ada","pe', undefined, 'not valid JSON'],
    ['', undefined, 'not valid JSON'],
    ['```json\n{"name":"Ada","pets":[]}\n```', undefined, 'not valid JSON'],
  ])('refuses %s', async (text, path, words) => {
    const problem = await check(format, text)
    expect(problem?.path).toBe(path)
    expect(problem?.description).toContain(words)
  })

  it('never quotes a value of the answer', async () => {
    expect((await check(format, '{"name":"Ada","pets":"s3cret-value"}'))?.description).not.toContain('s3cret')
  })

  it('sees only members the answer has itself', async () => {
    const schema = { type: 'object', properties: { constructor: { type: 'string' } }, required: ['constructor'] }
    expect(await check({ type: 'json-schema', schema }, '{}')).toMatchObject({
      description: expect.stringContaining('required'),
    })
    expect(await check({ type: 'json-schema', schema }, '{"constructor":"x"}')).toBeUndefined()
  })

  it('is not changed by an answer or by the check', async () => {
    const before = structuredClone(person)
    await check({ type: 'json-schema', schema: person }, '{"__proto__":{"polluted":true},"name":"a","pets":[]}')
    expect(person).toEqual(before)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('holds for a frozen schema', async () => {
    const schema = Object.freeze({ type: 'object' })
    expect(await check({ type: 'json-schema', schema }, '{}')).toBeUndefined()
  })

  it('is judged by the draft it names', async () => {
    const list = { type: 'array', items: [{ type: 'string' }], additionalItems: false }
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', ...list }
    expect(await check({ type: 'json-schema', schema: draft7 }, '["a","b"]')).toBeDefined()
    expect(await check({ type: 'json-schema', schema: draft7 }, '["a"]')).toBeUndefined()
  })

  it('is refused where it points at nothing', async () => {
    const schema = { $ref: '#/$defs/nothing' }
    await expect(check({ type: 'json-schema', schema }, '{}')).rejects.toMatchObject({
      code: 'invalid-request',
      phase: 'configuration',
    })
  })

  it('answers for a JSON text that is nested without end', async () => {
    const schema = { $ref: '#/$defs/list', $defs: { list: { type: 'array', items: { $ref: '#/$defs/list' } } } }
    const text = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
    expect(await check({ type: 'json-schema', schema }, text)).toBeDefined()
  })
})

describe('other forms', () => {
  it.each<[ResponseFormat, string, boolean]>([
    [{ type: 'json-object' }, ' {"a":1}\n', true],
    [{ type: 'json-object' }, '[]', false],
    [{ type: 'json-object' }, 'null', false],
    [{ type: 'regex', pattern: 'a|bc' }, 'bc', true],
    [{ type: 'regex', pattern: 'a|bc' }, 'abc', false],
    [{ type: 'choice', choices: ['yes', 'no'] }, 'no', true],
    [{ type: 'choice', choices: ['yes', 'no'] }, 'No', false],
    [{ type: 'grammar', grammar: 'root ::= "a"' }, 'anything', true],
    [{ type: 'text' }, 'anything', true],
  ])('%j and %j: %s', async (format, text, fits) => {
    expect((await check(format, text)) === undefined).toBe(fits)
  })

  it('refuse a pattern of another language', async () => {
    await expect(check({ type: 'regex', pattern: '(?P<year>\\d+)' }, '')).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('platformOptions'),
    })
  })

  it('accept exactly the choices', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 1 }), fc.string(), async (choices, text) => {
        const problem = await check({ type: 'choice', choices }, text)
        expect(problem === undefined).toBe(choices.includes(text))
      }),
    ))

  it('accept every JSON object, and no other JSON', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
        expect((await check({ type: 'json-object' }, JSON.stringify(value))) === undefined).toBe(isObject)
      }),
    ))
})
