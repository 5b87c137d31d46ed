import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatQuery, parseQuery, QueryError, queryModels, reportFormats } from '../../src/index.js'
import { queryTerms } from '../../src/query/query-terms.js'

const guide = (name: string) => readFileSync(new URL(`../../../../docs/guides/${name}.md`, import.meta.url), 'utf8')
const section = (text: string, title: string) => text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? ''
const block = (text: string) => /```\w+\n(.*?)```/s.exec(text)?.[1] ?? ''

describe('the guide of the query language', () => {
  const text = guide('query-language')

  test('every example is a query with an answer', () => {
    const examples = block(section(text, 'Examples')).trim().split('\n')
    expect(examples.length).toBeGreaterThan(4)
    for (const example of examples) expect(queryModels(example), example).not.toEqual([])
  })

  test('every term of the table is one, and every term is in the table', () => {
    const cells = [...section(text, 'Terms').matchAll(/^\| (`[^|]*`) \|/gm)].map(([, cell = '']) => cell)
    const terms = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, term = '']) => term))
    const written = terms.map((term) => parseQuery(term))
    const kinds = new Set(written.map((query) => (query.kind === 'term' ? query.term : query.kind)))
    expect([...kinds].sort()).toEqual(queryTerms.map(({ term }) => term).sort())
    for (const query of written) expect(parseQuery(formatQuery(query))).toEqual(query)
  })

  test('the error is the one it shows', () => {
    const shown = block(section(text, 'Errors')).trimEnd()
    try {
      parseQuery('feature code-completon and platform vllm')
    } catch (error) {
      expect(QueryError.is(error) && error.message).toBe(shown)
      return
    }
    throw new Error('The query was understood.')
  })
})

test('the guide of the reports names every format, in order', () => {
  const formats = [...section(guide('reports'), 'Formats').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(formats).toEqual(reportFormats)
})

test('the guide of editors names the schema that is published', () => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/duo-models.schema.json', import.meta.url), 'utf8'))
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(guide('editor')).toContain(`$schema=${schema.$id}`)
  expect(schema.$id).toContain(manifest.exports['./schema.json'].replace(/^\./, `${manifest.name}`))
  expect(manifest.files).toContain('schemas')
})
