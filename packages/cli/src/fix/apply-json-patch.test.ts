import type { JsonPatchOperation } from '@duo-models/rules'
import { describe, expect, it } from 'vitest'
import { applyJsonPatchOperation, PatchMismatch } from './apply-json-patch.js'

describe('applyJsonPatchOperation', () => {
  it.each<[unknown, JsonPatchOperation, unknown]>([
    [{ a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    [{ a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    [{ a: [1] }, { op: 'add', path: '/a/-', value: 2 }, { a: [1, 2] }],
    [{ a: [1, 2] }, { op: 'replace', path: '/a/0', value: 3 }, { a: [3, 2] }],
    [{ a: 1 }, { op: 'replace', path: '', value: 5 }, 5],
    [{ a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    [{ 'a/b': 1, 'm~n': 2 }, { op: 'move', from: '/a~1b', path: '/m~0n' }, { 'm~n': 1 }],
    [{ a: { b: 1 } }, { op: 'copy', from: '/a', path: '/c' }, { a: { b: 1 }, c: { b: 1 } }],
    [{ a: 1 }, { op: 'test', path: '/a', value: 1 }, { a: 1 }],
  ])('%j and %j give %j', (value, operation, expected) => {
    const before = structuredClone(value)
    expect(applyJsonPatchOperation(value, operation)).toEqual(expected)
    expect(value).toEqual(before)
  })

  it.each<[unknown, JsonPatchOperation]>([
    [{ a: 1 }, { op: 'replace', path: '/b', value: 1 }],
    [{ a: 1 }, { op: 'remove', path: '/toString' }],
    [{ a: 1 }, { op: 'add', path: '/a/b', value: 1 }],
    [{ a: [1] }, { op: 'add', path: '/a/2', value: 1 }],
    [{ a: [1] }, { op: 'remove', path: '/a/01' }],
    [{ a: [1] }, { op: 'remove', path: '/a/length' }],
    [{ a: { b: 1 } }, { op: 'move', from: '/a', path: '/a/b/c' }],
    [{ a: 1 }, { op: 'test', path: '/a', value: '1' }],
  ])('%j and %j do not fit', (value, operation) => {
    expect(() => applyJsonPatchOperation(value, operation)).toThrow(PatchMismatch)
  })

  it('keeps __proto__ an ordinary key', () => {
    const result = applyJsonPatchOperation({}, { op: 'add', path: '/__proto__', value: { polluted: true } })
    expect(Object.hasOwn(result as object, '__proto__')).toBe(true)
    expect((result as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
