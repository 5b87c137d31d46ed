import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { toYaml, toYamlDocuments, type YamlMap, type YamlValue } from './yaml.js'

const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    'yes',
    'No',
    'null',
    '~',
    '0x10',
    '1e3',
    '012',
    '1:30',
    '2024-10-21',
    '---',
    '...',
    '- a',
    'a: b',
    'a #b',
  ],
  ...[
    '#',
    '"',
    "'",
    '\n',
    'a\n',
    'a\n\nb',
    '\ta',
    'a\t\nb',
    ' a\nb',
    'a \nb',
    'a\n  \nb',
    '%TAG',
    '@a',
    '`',
    '&a',
    '*a',
    '!!int 1',
  ],
  ...[
    '{}',
    '[]',
    '<<',
    '=',
    '${A}',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\u0007',
    '😀',
    '\ud800',
    '|',
    '>',
    '?',
    ': ',
    '-',
    '--',
    '--a',
  ],
)
const text = fc.oneof(
  nasty,
  fc.string({ unit: 'binary' }),
  fc.tuple(nasty, nasty).map(([a, b]) => a + b),
)
const { tree } = fc.letrec<{ tree: YamlValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
  ),
}))
const map = fc.dictionary(text, tree, { maxKeys: 5 })

describe('toYaml', () => {
  test('reads back as the same data, in both versions of YAML', () => {
    fc.assert(
      fc.property(map, (value) => {
        const written = toYaml(value)
        for (const version of ['1.1', '1.2'] as const)
          expect(parse(written, { version, merge: false }), written).toStrictEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 300 },
    )
  })

  test('documents keep to themselves, and comments are no data', () => {
    const comment = fc.string().map((line) => line.replace(/[\n\r\u0085\u2028\u2029]/g, ' '))
    const document = fc.record({ comments: fc.array(comment, { maxLength: 2 }), value: map })
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 4 }), (documents) => {
        const parsed = parseAllDocuments(
          toYamlDocuments(documents.map((one) => ({ ...one, comments: one.comments.map(printable) }))),
        )
        expect(Array.isArray(parsed) && parsed.map((one) => one.toJS())).toStrictEqual(
          JSON.parse(JSON.stringify(documents.map(({ value }) => value))),
        )
      }),
    )
  })

  test('writes what people would write', () => {
    const value: YamlMap = {
      name: 'codestral',
      left: undefined,
      image: 'vllm/vllm-openai:v0.8.5',
      args: ['--port', '8000', { key: 1, list: [] }],
      script: 'set -e\n\ncd /a\n',
      empty: {},
    }
    expect(toYaml(value)).toBe(
      [
        'name: codestral',
        'image: vllm/vllm-openai:v0.8.5',
        'args:',
        '  - --port',
        '  - "8000"',
        '  - key: 1',
        '    list: []',
        'script: |',
        '  set -e',
        '',
        '  cd /a',
        'empty: {}',
        '',
      ].join('\n'),
    )
    expect(toYaml({})).toBe('{}\n')
  })

  test('a key longer than YAML allows on one line is written as an explicit one', () => {
    const value = { ['k'.repeat(2000)]: { a: ['b'] }, [`"${'\u0001'.repeat(255)}`]: 'text' }
    expect(parse(toYaml(value))).toEqual(value)
  })

  test('__proto__ is a key like any other', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}')
    expect(toYaml(value)).toBe('__proto__:\n  polluted: true\n')
  })
})

function printable(line: string): string {
  return line.replace(/[^\x20-\x7e]/g, '.')
}
