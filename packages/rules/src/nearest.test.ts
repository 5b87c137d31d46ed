import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editDistance, nearest } from './nearest.js'

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['abc', 'xbc', 1],
    ['kitten', 'sitting', 3],
  ])('%j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  test('is symmetric, and 0 only for equal text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})

describe('nearest', () => {
  test('puts the likeliest slip first and drops the rest', () => {
    expect(nearest('enpoint', ['model', 'endpoint', 'platform'])).toEqual(['endpoint'])
    expect(nearest('served_model_name', ['servedModelName', 'model'])[0]).toBe('servedModelName')
    expect(nearest('zzzzzz', ['model', 'endpoint'])).toEqual([])
  })

  test('is quick with very long names', () => {
    expect(nearest('x'.repeat(1_000_000), ['model'])).toEqual([])
  })
})
