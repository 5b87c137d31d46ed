import { expect, it } from 'vitest'
import { plainColors } from '../terminal.js'
import { formatTable } from './format-table.js'

const rows = [
  ['a-long-model-name', 'generally available', 'vllm, bedrock'],
  ['b', 'experimental', 'vllm'],
]
const table = (columns: number) => formatTable(['model', 'status', 'platforms'], rows, { colors: plainColors, columns })

it('aligns columns', () => {
  expect(table(Number.POSITIVE_INFINITY)).toBe(
    'model              status               platforms\n' +
      'a-long-model-name  generally available  vllm, bedrock\n' +
      'b                  experimental         vllm\n',
  )
})

it('breaks between words first, then in words, and loses nothing', () => {
  expect(table(45)).toContain('a-long-model-name  generally')
  for (const columns of [45, 40, 30, 24]) {
    const text = table(columns)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns)
    const letters = (from: string) => [...from.replace(/\s/g, '')].sort().join('')
    expect(letters(text)).toBe(letters(`model status platforms ${rows.flat().join(' ')}`))
  }
})
