import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonObject } from '../json.js'
import { createRandom } from '../random.js'
import { jsonSchemaValue } from './json-schema-value.js'
import { regexSample } from './regex-sample.js'

const value = (schema: JsonObject) => jsonSchemaValue(schema, createRandom(1))

test('objects have every property, with values of the right type', () => {
  const schema = {
    type: 'object',
    properties: {
      city: { type: 'string', minLength: 8, maxLength: 9 },
      unit: { enum: ['celsius', 'fahrenheit'] },
      days: { type: 'integer', minimum: 3, maximum: 5, multipleOf: 2 },
      share: { type: 'number', exclusiveMinimum: 0, maximum: 0.5 },
      tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
      when: { type: 'string', format: 'date' },
      code: { type: 'string', pattern: '^[A-Z]{2}-\\d{3}$' },
      fixed: { const: 7 },
      nothing: { type: ['null', 'string'] },
    },
    required: ['city'],
  }
  expect(value(schema)).toEqual({
    city: expect.stringMatching(/^.{8,9}$/),
    unit: expect.stringMatching(/^(celsius|fahrenheit)$/),
    days: 4,
    share: 0.5,
    tags: [expect.any(String), expect.any(String)],
    when: '2025-01-31',
    code: expect.stringMatching(/^[A-Z]{2}-\d{3}$/),
    fixed: 7,
    nothing: null,
  })
})

test('references, alternatives and combinations are followed', () => {
  const schema = {
    $defs: { name: { type: 'string' }, age: { properties: { age: { type: 'integer' } }, required: ['age'] } },
    allOf: [{ properties: { name: { $ref: '#/$defs/name' } } }, { $ref: '#/$defs/age' }],
    properties: { either: { anyOf: [{ type: 'boolean' }, { type: 'null' }] } },
  }
  expect(value(schema)).toEqual({ name: expect.any(String), age: 1, either: expect.any(Boolean) })
})

test('a schema that contains itself ends', () => {
  const schema = { type: 'object', properties: { child: { $ref: '#' } }, required: ['child'] }
  expect(JSON.stringify(value(schema)).length).toBeLessThan(1_000)
})

test.each<[string, JsonObject]>([
  ['two children', { required: ['a', 'b'], properties: { a: { $ref: '#' }, b: { $ref: '#' } } }],
  ['twenty items', { type: 'array', minItems: 20, items: { $ref: '#' } }],
  ['itself twice', { allOf: [{ $ref: '#' }, { $ref: '#' }], required: ['a'] }],
])('a schema that contains itself often ends in bounded memory: %s', (_name, schema) => {
  expect(JSON.stringify(value(schema)).length).toBeLessThan(200_000)
})

test('property names that objects inherit are ordinary names', () => {
  const schema = JSON.parse(
    '{"properties":{"__proto__":{"type":"integer"},"constructor":{"type":"integer"}}}',
  ) as JsonObject
  expect(JSON.stringify(value(schema))).toBe('{"__proto__":1,"constructor":1}')
  expect({}).not.toHaveProperty('polluted')
})

test('whatever the schema, there is a value and no exception', () => {
  const key = fc.constantFrom(
    'type',
    'properties',
    'items',
    'enum',
    'anyOf',
    'allOf',
    '$ref',
    'required',
    'pattern',
    'minItems',
    '#',
    'object',
    'array',
  )
  const { schema } = fc.letrec<{ schema: unknown }>((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small' },
      fc.constant('#'),
      key,
      fc.nat(20),
      fc.dictionary(key, tie('schema')),
      fc.array(tie('schema'), { maxLength: 3 }),
    ),
  }))
  fc.assert(fc.property(schema, (any) => JSON.stringify(value(any as JsonObject)) !== undefined))
})

test.each([
  'a+b*c?',
  '[a-z]{3,5}',
  '(foo|bar)-\\d{2}',
  '[^a-z]',
  '\\w+@\\w+\\.com',
  '(?:x|y){2}z',
  '\\u0041[\\d-]',
  'a{0}b',
  '(?<year>\\d{4})',
])('a sample of %s matches it', (pattern) => {
  for (let seed = 0; seed < 20; seed += 1)
    expect(regexSample(pattern, createRandom(seed))).toMatch(new RegExp(`^(?:${pattern})$`))
})

test('no pattern makes the sampler fail or run away', () => {
  const pattern = fc.string({ unit: fc.constantFrom(...'ab()[]{}|*+?^$\\.-,19') })
  fc.assert(fc.property(pattern, (text) => typeof regexSample(text, createRandom(0)) === 'string'))
})
