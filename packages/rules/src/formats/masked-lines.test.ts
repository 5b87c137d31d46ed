import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify, type ToStringOptions } from 'yaml'
import { maskLines } from './masked-lines.js'

function shown(text: string): string {
  const lines = maskLines(text)
  return Array.from({ length: lines.count }, (_, index) => lines.lineAt(index + 1)).join('\n')
}

const secret = 'S3CR3T'

describe('maskLines', () => {
  test.each([
    ['a plain value', `apiKey: ${secret}`],
    ['a plain value with spaces and commas', `password: ${secret}, and ${secret}`],
    ['a quoted value', `apiKey: "a \\" ${secret}"`],
    ['a quoted value with a doubled quote', `apiKey: 'a '' ${secret}'`],
    ['JSON', `{ "apiKey": "${secret}", "model": "x" }`],
    ['JSON, two in a line', `{ "apiKey": "${secret}", "x": 1, "token": "${secret}" }`],
    ['a block scalar', `apiKey: |\n  ${secret}\n  ${secret}\nmodel: x`],
    ['a folded scalar with an indicator', `apiKey: >-2\n    ${secret}`],
    ['a value on the next line', `apiKey:\n  ${secret}`],
    ['a value on the next line, not indented', `{\n"apiKey":\n"${secret}"\n}`],
    ['a quoted value over lines', `apiKey: "one\n  ${secret}\n  ${secret}"`],
    ['a plain value over lines', `apiKey: one\n  ${secret}`],
    ['a plain value over lines inside braces', `{\n  apiKey: one\n  ${secret}\n}`],
    ['everything below a secret name', `env:\n  FOO: ${secret}\n\n  BAR: ${secret}\nmodel: x`],
    ['everything below it by one space', `"env":\n FOO: a\n BAR: ${secret}`],
    ['everything in its braces', `"env": {\n"FOO": "a",\n"BAR": { "x": ["${secret}"] },\n"BAZ": "${secret}"\n}`],
    ['a list under it', `tokens:\n- ${secret}\n- ${secret}`],
    ['a list item with the key', `- apiKey: ${secret}`],
    ['a slip in the key', `api_kye: ${secret}`],
    ['an escape in the key', `{ "\\u0061piKey": "${secret}" }`],
    ['an explicit key', `? apiKey\n: ${secret}`],
    ['an anchored value', `base: &key ${secret}`],
    ['a tag', `apiKey: !!str ${secret}`],
    ['a comment', `# apiKey: ${secret}`],
    ['a user in an address', `endpoint: http://user:${secret}@gpu-1/v1`],
    ['a query in an address', `endpoint: http://gpu-1/v1?key=${secret}`],
    ['an option', `serveArgs: --port 80 --api-key ${secret}`],
    ['an option with =', `serveArgs: --api-key=${secret}`],
    ['an option in a list', `serveArgs: ["--api-key", "${secret}"]`],
    ['an option in a list over lines', `serveArgs:\n  - --api-key\n  - ${secret}`],
    ['a token of known form', `model: sk-${secret}${secret}`],
    ['a header', `x: Bearer ${secret}${secret}`],
  ])('hides %s', (_name, text) => {
    expect(shown(text)).not.toContain(secret)
    expect(shown(text)).toContain('***')
  })

  test.each([
    'model: codestral-22b-v0.1',
    'deployments:\n  code:\n    platform: vllm\n    endpoint: http://gpu-1:8000/v1',
    '{ "server": { "version": "0.8.5" }, "region": "us-east-1" }',
    'server: { maxNumBatchedTokens: 8192 }',
    'base: &base\n  platform: vllm',
  ])('leaves %j as it is', (text) => {
    expect(shown(text)).toBe(text)
  })

  test('goes on behind a value that ends in the line, and below its block', () => {
    expect(shown('{ "apiKey": "x", "model": "y" }')).toBe('{ "apiKey": ***, "model": "y" }')
    expect(shown('code:\n  apiKey: |\n    x\n  model: y')).toBe('code:\n  apiKey: ***\n    ***\n  model: y')
  })

  test('finds a column again', () => {
    const lines = maskLines('{ "apiKey": "long secret", "model": "y" }')
    expect(lines.lineAt(1)?.slice(lines.indexOf(1, 28))).toBe('"model": "y" }')
    expect(lines.lineAt(1)?.slice(lines.indexOf(1, 16))).toBe('***, "model": "y" }')
  })

  test('hides a value wherever it stands in YAML or JSON', () => {
    const name = fc.constantFrom('apiKey', 'token', 'password', 'AWS_SECRET_ACCESS_KEY')
    const lead = fc.array(fc.constantFrom('model: x\n', 'a:\n', '  b: "c"\n', '# d\n', '\n'), { maxLength: 5 })
    const value = fc.constantFrom(
      secret,
      `"${secret}"`,
      `'${secret}'`,
      `{ a: ${secret} }`,
      `[${secret}, ${secret}]`,
      `|\n      ${secret}`,
    )
    fc.assert(
      fc.property(
        lead,
        name,
        fc.nat({ max: 4 }),
        value,
        fc.constantFrom(': ', ':\n      '),
        (before, key, indent, secretValue, colon) => {
          const text = `${before.join('')}${' '.repeat(indent)}${key}${colon}${secretValue}\nmodel: y`
          expect(shown(text)).not.toContain(secret)
        },
      ),
    )
  })

  test('hides a value however a writer of YAML or JSON lays it out', () => {
    const part = fc.constantFrom(
      secret,
      `${secret}: x`,
      `# ${secret}`,
      `'${secret}'`,
      `"${secret}"`,
      `{${secret}`,
      `\\${secret}`,
    )
    const value = fc
      .array(part, { minLength: 1, maxLength: 6 })
      .chain((parts) => fc.constantFrom(' ', '\n', '\n\n', ', ').map((gap) => parts.join(gap)))
    const holder = fc.oneof(
      value.map((apiKey) => ({ apiKey })),
      value.map((text) => ({ env: { FOO: text, BAR: [text] } })),
      value.map((text) => ({ passwords: [text, { any: text }] })),
    )
    const layout: fc.Arbitrary<ToStringOptions> = fc.record({
      collectionStyle: fc.constantFrom('any', 'block', 'flow'),
      lineWidth: fc.constantFrom(0, 20, 80),
      indent: fc.integer({ min: 1, max: 4 }),
      indentSeq: fc.boolean(),
      defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
    })
    const spaces = fc.constantFrom(undefined, 1, 2, 4)
    fc.assert(
      fc.property(holder, layout, spaces, (secrets, options, space) => {
        const config = { deployments: { a: { model: 'x', ...secrets, region: 'y' } }, more: [{ ...secrets }, { b: 1 }] }
        expect(shown(stringify(config, options))).not.toContain(secret)
        expect(shown(JSON.stringify(config, null, space))).not.toContain(secret)
      }),
      { numRuns: 1000 },
    )
  })

  test('any text keeps its number of lines, and columns stay inside them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat({ max: 400 }), (text, column) => {
        const lines = maskLines(text)
        expect(lines.count).toBe(text.split(/\r\n|\n|\r/).length)
        expect(lines.indexOf(1, column + 1)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('a line of a million keys is read to its end', () => {
    const lines = maskLines(`{${'"apiKey":"x",'.repeat(100_000)}}${'a'.repeat(100_000)}`)
    expect(lines.lineAt(1)).toMatch(/^\{"apiKey":\*\*\*,/)
  })
})
