import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { compileReader, unsure } from './compile-reader.js'

const never = () => false

// Kinds of schema that are read, each with a value that is.
const known: readonly [string, z.ZodType, unknown][] = [
  ['a text', z.string(), ' x '],
  ['a trimmed text', z.string().trim().min(1), ' x '],
  ['a text of limited length', z.string().min(2).max(3), 'xy'],
  ['a text with a pattern', z.string().regex(/^\d+\.\d+$/), '18.2'],
  ['a number', z.number().positive(), 0.5],
  ['a number with inclusive and exclusive bounds', z.number().gt(0).gte(0.5).max(1).lt(2), 1],
  ['a whole number', z.int().positive(), 3],
  ['a yes or no', z.boolean(), false],
  ['a word', z.literal('vllm'), 'vllm'],
  ['one of several words', z.enum(['free', 'ultimate']), 'free'],
  ['a list', z.array(z.string().trim()).min(1), [' x ', 'y']],
  ['a text or a list', z.union([z.string(), z.array(z.string())]), ['x']],
  ['a map', z.record(z.string(), z.string()), { x: 'y' }],
  ['an object', z.strictObject({ a: z.string(), b: z.int().optional() }), { b: 1, a: 'x' }],
]

// Kinds that only the schema itself can judge.
const unknown: readonly [string, z.ZodType][] = [
  ['a format', z.email()],
  ['a text with a format', z.string().email()],
  ['a text that is changed behind a limit', z.string().min(2).trim()],
  ['a text with two patterns', z.string().regex(/^x/).regex(/y$/)],
  ['a text with a check of its own', z.string().refine(never)],
  ['a number with a check of its own', z.number().refine(never)],
  ['a multiple', z.number().multipleOf(2)],
  ['a choice with a check of its own', z.enum(['x', 'y']).refine(never)],
  ['a list with a check of its own', z.array(z.string()).refine(never)],
  ['a union with a check of its own', z.union([z.string(), z.number()]).refine(never)],
  ['a map with a check of its own', z.record(z.string(), z.string()).refine(never)],
  ['a map with every key of a list', z.record(z.enum(['x', 'y']), z.string())],
  ['an object with a check of its own', z.strictObject({ a: z.string() }).refine(never)],
  ['an object that keeps unknown keys', z.looseObject({ a: z.string() })],
  ['an object that drops unknown keys', z.object({ a: z.string() })],
  ['a default', z.string().default('x')],
  ['a transformation', z.string().transform((text) => text.length)],
  ['nothing or something', z.string().nullable()],
]

const anyValue = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    ' ',
    'x',
    ' x ',
    'xy',
    'x@y.de',
    '18.2',
    0,
    0.5,
    1,
    2,
    -1,
    3,
    Number.NaN,
    null,
    undefined,
  ),
  fc.constantFrom<unknown>(
    true,
    [],
    ['x'],
    [' x ', 1],
    {},
    { a: 'x' },
    { a: ' x', b: 1 },
    { x: 'y', y: 'x' },
    new Date(0),
  ),
  fc.anything(),
)

describe('a compiled reader', () => {
  test.each(known)('reads %s', (_name, schema, value) => {
    expect(compileReader(schema)(value)).toEqual(schema.parse(value))
  })

  test.each(unknown)('leaves %s to the schema', (_name, schema) => {
    const read = compileReader(schema)
    for (const value of ['x', 'xy', 2, ['x'], {}, { a: 'x' }, { x: 'y' }, { x: 'y', y: 'x' }])
      expect(read(value)).toBe(unsure)
  })

  test.each([...known.map(([name, schema]) => [name, schema] as const), ...unknown])(
    'says of %s what the schema says, or nothing',
    (_name, schema) => {
      const read = compileReader(schema)
      fc.assert(
        fc.property(anyValue, (value) => {
          const result = read(value)
          if (result === unsure) return
          expect(JSON.stringify(result)).toBe(JSON.stringify(schema.parse(value)))
        }),
      )
    },
  )

  test('leaves a map with an entry of undefined to the schema, which refuses it', () => {
    const schema = z.record(z.string(), z.string())
    expect(compileReader(schema)({ x: 'y', '': undefined })).toBe(unsure)
    expect(schema.safeParse({ x: 'y', '': undefined }).success).toBe(false)
  })

  test('copies: what the caller changes afterwards is not changed in the copy', () => {
    const value = { list: ['x'] }
    const copy = compileReader(z.strictObject({ list: z.array(z.string()) }))(value)
    value.list.push('y')
    expect(copy).toEqual({ list: ['x'] })
  })
})
