import { DuoModelError } from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConfigurationText } from './parse-configuration-text.js'

const yaml = `# comment
deployments:
  code:
    platform: vllm
    endpoint: [http://a/v1, "http://b/v1"]
    apiKey: \${VLLM_API_KEY}
`

function failure(text: string, environment: Record<string, string> = {}): string {
  try {
    parseConfigurationText(text, { environment, name: 'duo-models.yaml' })
  } catch (error) {
    expect(DuoModelError.is(error, 'configuration')).toBe(true)
    return (error as Error).message
  }
  throw new Error('nothing was thrown')
}

describe('parseConfigurationText', () => {
  it('reads YAML and puts in the environment', () => {
    const { input } = parseConfigurationText(yaml, { environment: { VLLM_API_KEY: 'k' } })
    expect(input).toEqual({
      deployments: { code: { platform: 'vllm', endpoint: ['http://a/v1', 'http://b/v1'], apiKey: 'k' } },
    })
  })

  it('reads JSON, a byte order mark and CRLF', () => {
    expect(parseConfigurationText('\uFEFF{ "deployments":\r\n {} }\r\n').input).toEqual({ deployments: {} })
  })

  it('leaves references as they are where no environment is wanted', () => {
    const { input } = parseConfigurationText(yaml, { environment: false })
    expect(JSON.stringify(input)).toContain('${VLLM_API_KEY}')
  })

  it('names every variable that is missing or empty, and never a value', () => {
    const message = failure(`a: \${ONE}\nb: ['x\${TWO}', 'secret-\${THREE}']\n`, { TWO: '', THREE: 'hunter2' })
    expect(message).toContain('ONE (at /a) is not set')
    expect(message).toContain('TWO (at /b/0) is empty')
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['a tab', 'deployments:\n\tcode: 1\n', /duo-models\.yaml:2:1 is not valid YAML/],
    ['a duplicate key', 'a: 1\na: 2\n', /duo-models\.yaml:2:1.*unique/i],
    ['an unclosed bracket', 'a: [1, 2\n', /duo-models\.yaml:\d+:\d+/],
    ['an alias bomb', aliasBomb(), /aliases/],
    ['a text of more than a megabyte', `a: ${'x'.repeat(1_100_000)}`, /larger than 1024 KiB/],
    ['a reference with no name', 'a: ${}', /no variable name/],
  ])('refuses %s and says where', (_, text, expected) => {
    expect(failure(text)).toMatch(expected)
  })

  it('does not repeat the text of a faulty line: it may hold a secret', () => {
    expect(failure('apiKey: "hunter2\nx: [')).not.toContain('hunter2')
  })

  it('keeps a __proto__ key as an ordinary key', () => {
    const { input } = parseConfigurationText('{"__proto__": {"polluted": true}}', { environment: {} })
    expect(Object.hasOwn(input as object, '__proto__')).toBe(true)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('points at keys and values, and at the nearest place around what is missing', () => {
    const { source } = parseConfigurationText(yaml, { environment: false })
    expect(source.positionOf('')).toEqual({ line: 2, column: 1 })
    expect(source.positionOf('/deployments/code/platform')).toEqual({ line: 4, column: 5 })
    expect(source.positionOf('/deployments/code/endpoint/1')).toEqual({ line: 5, column: 29 })
    expect(source.positionOf('/deployments/code/model')).toEqual({ line: 3, column: 3 })
  })

  it('ends any text in a value or a configuration error', () => {
    const fragment = fc.constantFrom(
      'a: ',
      '&x ',
      '*x',
      '- ',
      '\n',
      '\t',
      '  ',
      '{',
      '[',
      '"',
      '${A}',
      '!!omap ',
      '<<: ',
      '?',
      '|',
      '\u0000',
      '💥',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(fragment, fc.string()), { maxLength: 40 }), (parts) => {
        try {
          parseConfigurationText(parts.join(''), { environment: { A: '1' } })
        } catch (error) {
          if (!DuoModelError.is(error, 'configuration')) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

function aliasBomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 9; level += 1)
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    )
  return lines.join('\n')
}
