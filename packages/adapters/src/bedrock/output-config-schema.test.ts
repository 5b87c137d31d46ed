import { describe, expect, it } from 'vitest'
import { fitsOutputConfig } from './output-config-schema.js'

const closed = (properties: object) => ({ type: 'object', properties, additionalProperties: false })

/** A schema inside a schema, so many times. */
function nested(depth: number): object {
  return depth === 0 ? { type: 'string' } : { type: 'array', items: nested(depth - 1) }
}

describe('fitsOutputConfig', () => {
  it.each([
    [closed({ n: { type: 'integer' } })],
    [closed({ list: { type: 'array', items: closed({ s: { type: 'string', enum: ['a'] } }) } })],
    [{ anyOf: [{ type: 'string', pattern: 'a+' }, closed({})] }],
    [{ $schema: 'x', $defs: { a: closed({}) }, ...closed({}) }],
    [nested(30)],
  ])('takes %j', (schema) => {
    expect(fitsOutputConfig(schema)).toBe(true)
  })

  it.each([
    [{ type: 'object', properties: {} }],
    [{ properties: { n: { type: 'integer' } } }],
    [closed({ n: { type: 'integer', minimum: 1 } })],
    [closed({ n: { type: 'string', maxLength: 9 } })],
    [closed({ list: { type: 'array', items: { type: 'object' } } })],
    [closed({ a: { $ref: '#/$defs/a' } })],
    [{ $defs: { a: { type: 'object' } }, ...closed({}) }],
    [closed({ anything: true })],
    [{ anyOf: [{ oneOf: [] }] }],
    [JSON.parse('{"__proto__": {}}')],
    [nested(100)],
    [null],
    ['string'],
  ])('leaves %j to other means', (schema) => {
    expect(fitsOutputConfig(schema)).toBe(false)
  })
})
