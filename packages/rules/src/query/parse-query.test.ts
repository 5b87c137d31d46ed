import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gpuIds, modelIds } from '../catalog/catalog.generated.js'
import { formatQuery } from './format-query.js'
import { maxQueryDepth, maxQueryLength, parseQuery } from './parse-query.js'
import type { Query } from './query.js'
import { QueryError } from './query-error.js'
import { queryModels } from './query-models.js'

const term = (name: string, ...values: string[]): Query => ({ kind: 'term', term: name, values })

function errorOf(query: string): QueryError {
  try {
    parseQuery(query)
  } catch (error) {
    if (QueryError.is(error)) return error
    throw error
  }
  throw new Error(`No error for ${query}`)
}

describe('parseQuery', () => {
  test.each<[string, Query]>([
    ['feature duo-chat', term('feature', 'duo-chat')],
    ['FEATURE Duo-Chat', term('feature', 'Duo-Chat')],
    ['level full', term('level', 'full')],
    ['level >= partial', term('at-least', 'partial')],
    ['level>=partial', term('at-least', 'partial')],
    ['at least partial', term('at-least', 'partial')],
    ['level at least partial', term('at-least', 'partial')],
    ['status experimental', term('status', 'experimental')],
    ['release 18.2', term('release', '18.2')],
    ['family llama3', term('family', 'llama3')],
    ['model "Codestral 22B v0.1"', term('model', 'Codestral 22B v0.1')],
    ["model 'llama-*'", term('model', 'llama-*')],
    ['model "a\\"*"', term('model', 'a"*')],
    ['fits 2 a100-80gb', term('fits', '2', 'a100-80gb')],
    ['fits 2 x a100-80gb', term('fits', '2', 'a100-80gb')],
    ['gpu a100-80gb x 2', term('gpu', 'a100-80gb', '2')],
    ['not not level full', { kind: 'not', query: { kind: 'not', query: term('level', 'full') } }],
    ['((level full))', term('level', 'full')],
    ['level full, level yes', { kind: 'or', queries: [term('level', 'full'), term('level', 'yes')] }],
  ])('%s', (text, query) => {
    expect(parseQuery(text)).toEqual(query)
  })

  test('not binds before and, and before or', () => {
    expect(parseQuery('level full or not level yes and status beta')).toEqual({
      kind: 'or',
      queries: [
        term('level', 'full'),
        { kind: 'and', queries: [{ kind: 'not', query: term('level', 'yes') }, term('status', 'beta')] },
      ],
    })
  })

  test.each<[string, number, number, readonly string[]]>([
    ['feature code-completon and level full', 8, 14, ['code-completion']],
    ['platform vlm', 9, 3, ['vllm']],
    ['level fulll', 6, 5, ['full']],
    ['model codestral-22b-v0.l', 6, 18, ['codestral-22b-v0.1']],
    ['gpu a100-80gbb x 2', 4, 10, ['a100-80gb']],
    ['feture duo-chat', 0, 6, ['feature']],
    ['level full adn status beta', 11, 3, ['and']],
    ['level', 5, 0, []],
    ['', 0, 0, []],
    ['level full)', 10, 1, []],
    ['(level full', 0, 1, []],
    ['model "llama', 6, 6, []],
    ['level > full', 6, 1, []],
    ['fits 0 a100-80gb', 5, 1, []],
    ['release newest', 8, 6, []],
    ['model * or "or"', 11, 4, []],
  ])('%j points at %i, %i long', (text, position, length, suggestions) => {
    const error = errorOf(text)
    expect(error).toMatchObject({ name: 'QueryError', query: text, position, length })
    if (suggestions.length > 0) expect(error.suggestions[0]).toBe(suggestions[0])
  })

  test('the message shows the query with carets under the word', () => {
    expect(errorOf('feature code-completon').message).toBe(
      [
        '"code-completon" stands where this is expected: a feature such as code-completion, code-generation, duo-chat. ' +
          "Did you mean 'code-completion' or 'code_completions'?",
        '  feature code-completon',
        '          ^^^^^^^^^^^^^^',
      ].join('\n'),
    )
  })

  test('depth and length are bounded', () => {
    expect(parseQuery(`${'('.repeat(maxQueryDepth)}level full${')'.repeat(maxQueryDepth)}`)).toEqual(
      term('level', 'full'),
    )
    expect(errorOf('('.repeat(4000)).message).toContain('nested deeper')
    expect(errorOf('not '.repeat(1000)).message).toContain('nested deeper')
    expect(errorOf('('.repeat(10_000)).message).toContain(`${maxQueryLength} are the most`)
    expect(errorOf(`model ${'x'.repeat(4000)}`).message.length).toBeLessThan(600)
  })

  test('what is no text is refused by name', () => {
    expect(() => parseQuery(undefined as unknown as string)).toThrow(QueryError)
  })
})

const name = fc.oneof(
  fc.constantFrom(...modelIds),
  fc.string({ unit: 'grapheme' }).map((text) => `${text}*`),
)
const someTerm: fc.Arbitrary<Query> = fc.oneof(
  fc.constantFrom(
    term('level', 'full'),
    term('at-least', 'partial'),
    term('platform', 'vllm'),
    term('release', '18.2'),
  ),
  name.map((value) => term('model', value)),
  fc.tuple(fc.integer({ min: 1, max: 99 }), fc.constantFrom(...gpuIds)).map(([n, gpu]) => term('fits', String(n), gpu)),
)
const { query: someQuery } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    someTerm,
    tie('query').map((query): Query => ({ kind: 'not', query })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('query'), { minLength: 2, maxLength: 3 }))
      .map(([kind, queries]): Query => ({ kind, queries: queries.filter((part) => part.kind !== kind) }))
      .filter((query) => query.kind === 'not' || query.kind === 'term' || query.queries.length > 1),
  ),
}))

describe('formatQuery', () => {
  test('gives a text that means the same', () => {
    fc.assert(
      fc.property(someQuery, (query) => {
        const text = formatQuery(query)
        fc.pre(text.length <= maxQueryLength)
        expect(parseQuery(text)).toEqual(query)
      }),
    )
  })

  test('refuses a term that does not exist', () => {
    expect(() => formatQuery(term('colour', 'blue'))).toThrow(RangeError)
  })
})

describe('any text', () => {
  const words = fc.constantFrom(
    ...'feature level at least >= full partial platform vllm bedrock not and or ( ) , model llama-* * ? fits 2 x gpu'.split(
      ' ',
    ),
    ...['a100-80gb', 'release', '18.2', '17.9', 'family', 'gpt', 'status', 'experimental', '"', "'", '"x"', 'duo-chat'],
  )
  const soup = fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' '))
  const terms = fc.constantFrom('level full', 'feature duo-chat', 'release 18.2', 'model *', 'not level yes')
  const sentence = fc
    .array(fc.tuple(terms, fc.constantFrom(' and ', ' or ', ', ', ' and not (', ')')), { maxLength: 30 })
    .map((parts) => parts.flat().join(''))

  test('gives models or a QueryError whose place lies in the text', () => {
    fc.assert(
      fc.property(fc.oneof(soup, sentence, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        try {
          const matches = queryModels(text)
          expect(new Set(matches.map(({ model }) => model.id)).size).toBe(matches.length)
        } catch (error) {
          if (!QueryError.is(error)) throw error
          expect(error.position).toBeGreaterThanOrEqual(0)
          expect(error.position + error.length).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 500 },
    )
  })
})
