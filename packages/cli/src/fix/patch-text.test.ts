import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAlias, parse, parseDocument, stringify, visit } from 'yaml'
import { applyJsonPatchOperation, PatchMismatch } from './apply-json-patch.js'
import { patchText } from './patch-text.js'

const yaml = `# who serves what
deployments:
    code: # the GPU box
        platform: vllm   # self-hosted
        endpont: 'http://gpu-1:8000'

        servers: [a, "b"]  # two of them
        list:
            - one # first
            - two
    empty:
# the end
`

describe('patchText', () => {
  it('replaces a value in its own quotes and touches nothing else', () => {
    const patched = patchText(yaml, [{ op: 'replace', path: '/deployments/code/endpont', value: "http://it's/v1" }])
    expect(patched).toBe(yaml.replace("'http://gpu-1:8000'", "'http://it''s/v1'"))
  })

  it('renames a key where it stands', () => {
    const patch = [{ op: 'move', from: '/deployments/code/endpont', path: '/deployments/code/endpoint' }] as const
    expect(patchText(yaml, patch)).toBe(yaml.replace('endpont', 'endpoint'))
  })

  it('adds an entry behind the last one, in the same indentation', () => {
    const patched = patchText(yaml, [{ op: 'add', path: '/deployments/code/servedModelName', value: 'codestral' }])
    expect(patched).toBe(yaml.replace('- two\n', '- two\n        servedModelName: codestral\n'))
  })

  it('adds and removes items of both kinds of list', () => {
    const add = (path: string, value: unknown) => patchText(yaml, [{ op: 'add', path, value }])
    const remove = (path: string) => patchText(yaml, [{ op: 'remove', path }])
    expect(add('/deployments/code/servers/-', 'c')).toBe(yaml.replace('[a, "b"]', '[a, "b", c]'))
    expect(add('/deployments/code/servers/1', 'c')).toBe(yaml.replace('[a, "b"]', '[a, c, "b"]'))
    expect(remove('/deployments/code/servers/0')).toBe(yaml.replace('[a, "b"]', '["b"]'))
    expect(remove('/deployments/code/servers/1')).toBe(yaml.replace('[a, "b"]', '[a]'))
    expect(add('/deployments/code/list/-', 'three')).toBe(yaml.replace('- two\n', '- two\n            - three\n'))
    expect(remove('/deployments/code/list/0')).toBe(yaml.replace('            - one # first\n', ''))
  })

  it('removes an entry with its line', () => {
    const patched = patchText(yaml, [{ op: 'remove', path: '/deployments/code/platform' }])
    expect(patched).toBe(yaml.replace('        platform: vllm   # self-hosted\n', ''))
  })

  it('fills an empty value', () => {
    const patched = patchText(yaml, [{ op: 'replace', path: '/deployments/empty', value: 'x' }])
    expect(patched).toBe(yaml.replace('empty:', 'empty: x'))
  })

  it('keeps JSON as JSON, in its own layout', () => {
    const json = '{\n    "a": { "b": "x" },\n    "c": [1, 2]\n}\n'
    expect(patchText(json, [{ op: 'replace', path: '/a/b', value: 'y' }])).toBe(json.replace('"x"', '"y"'))
    expect(patchText(json, [{ op: 'add', path: '/d', value: true }])).toBe(
      json.replace('[1, 2]', '[1, 2],\n    "d": true'),
    )
    expect(patchText(json, [{ op: 'remove', path: '/c' }])).toBe('{\n    "a": { "b": "x" }\n}\n')
    expect(patchText(json, [{ op: 'remove', path: '/c/0' }])).toBe(json.replace('[1, 2]', '[2]'))
    expect(patchText(json, [{ op: 'move', from: '/a/b', path: '/a/e' }])).toBe(json.replace('"b"', '"e"'))
  })

  it('keeps a byte order mark and CRLF', () => {
    const text = '\uFEFFa: 1\r\nb: 2\r\n'
    expect(patchText(text, [{ op: 'add', path: '/c', value: 3 }])).toBe('\uFEFFa: 1\r\nb: 2\r\nc: 3\r\n')
  })

  it('gives up on what does not fit', () => {
    expect(patchText(yaml, [{ op: 'replace', path: '/nothing', value: 1 }])).toBeUndefined()
    expect(patchText(yaml, [{ op: 'test', path: '/deployments/code/platform', value: 'bedrock' }])).toBeUndefined()
    expect(patchText('a: [', [{ op: 'add', path: '/b', value: 1 }])).toBeUndefined()
    expect(patchText('a: &x { k: 1 }\nb: *x\n', [{ op: 'replace', path: '/b/k', value: 2 }])).toBeUndefined()
    expect(patchText('a: &x { k: 1 }\nb: *x\n', [{ op: 'replace', path: '/a/k', value: 2 }])).toBeUndefined()
    expect(patchText('a: &x 1\nb: *x\n', [{ op: 'replace', path: '/a', value: 2 }])).toBeUndefined()
  })

  it('replaces an alias without touching what it names', () => {
    expect(patchText('a: &x 1\nb: *x\n', [{ op: 'replace', path: '/b', value: 2 }])).toBe('a: &x 1\nb: 2\n')
  })

  it('means what the patch says, on every document and in every style', () => {
    const key = fc.oneof(
      fc.constantFrom('a', 'b', 'c d', '~/', '1', 'null', '#x', '__proto__'),
      fc.string({ maxLength: 4 }),
    )
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('yes', '- x', 'a: b', '[', ' x '),
    )
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 3 },
        scalar,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }))
    const style = fc.constantFrom<(data: unknown) => string>(
      (data) => stringify(data),
      (data) => stringify(data, { collectionStyle: 'flow' }),
      (data) => stringify(data, { indent: 4, indentSeq: false, defaultStringType: 'QUOTE_SINGLE' }),
      (data) => JSON.stringify(data),
      (data) => JSON.stringify(data, null, 2),
    )
    fc.assert(
      fc.property(
        fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }),
        style,
        value,
        fc.nat(),
        fc.nat(3),
        (data, write, added, pick, kind) => {
          const text = write(data)
          const before: unknown = parse(text)
          const paths = pointersOf(before)
          const path = paths[pick % paths.length] ?? ''
          const operation =
            kind === 0
              ? { op: 'replace' as const, path, value: added }
              : kind === 1
                ? { op: 'remove' as const, path }
                : kind === 2
                  ? { op: 'add' as const, path: `${path}/new`, value: added }
                  : { op: 'move' as const, from: path, path: `${path}x` }
          let expected: unknown
          try {
            expected = applyJsonPatchOperation(before, operation)
          } catch (error) {
            if (!(error instanceof PatchMismatch)) throw error
            expect(patchText(text, [operation])).toBeUndefined()
            return
          }
          const patched = patchText(text, [operation])
          if (patched === undefined) expect(hasTrickyParts(text)).toBe(true)
          else expect(parse(patched)).toEqual(expected)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

function pointersOf(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer]
  return Object.entries(value).flatMap(([key, child]) => {
    const path = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    return [path, ...pointersOf(child, path)]
  })
}

function hasTrickyParts(text: string): boolean {
  let tricky = false
  visit(parseDocument(text), (_, node) => {
    if (isAlias(node)) tricky = true
  })
  return tricky
}
