import { expect, test } from 'vitest'
import { rememberByText } from './remember-by-text.js'

function counted(limit: number) {
  const asked: string[] = []
  const ask = rememberByText((text) => {
    asked.push(text)
    return text === '' ? undefined : { text }
  }, limit)
  return { ask, asked }
}

test('an answer is worked out once and is the same value again', () => {
  const { ask, asked } = counted(2)
  expect(ask('a')).toEqual({ text: 'a' })
  expect(ask('a')).toBe(ask('a'))
  expect(asked).toEqual(['a'])
})

test('no more than the limit is kept', () => {
  const { ask, asked } = counted(2)
  for (const text of ['a', 'b', 'c', 'c', 'a']) ask(text)
  expect(asked).toEqual(['a', 'b', 'c', 'a'])
})

test('neither a missing answer nor that to a long text is kept', () => {
  const { ask, asked } = counted(2)
  const long = 'x'.repeat(257)
  for (const text of ['', '', long, long]) ask(text)
  expect(asked).toEqual(['', '', long, long])
})
