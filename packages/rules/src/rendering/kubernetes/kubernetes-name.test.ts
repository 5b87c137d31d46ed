import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isKubernetesName, kubernetesName, labelValue } from './kubernetes-name.js'

test.each([
  ['code', 'code'],
  ['Code Chat', 'code-chat'],
  ['codestral-22b-v0.1', 'codestral-22b-v0-1'],
  ['mistralai/Codestral_22B', 'mistralai-codestral-22b'],
  ['7b', 'vllm-7b'],
])('%s becomes %s', (text, name) => {
  expect(kubernetesName(text)).toBe(name)
})

test('every text becomes a name, the same one each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(isKubernetesName(kubernetesName(text)), kubernetesName(text)).toBe(true)
      expect(kubernetesName(text)).toBe(kubernetesName(text))
    }),
  )
})

test('texts that lose letters keep apart', () => {
  const names = ['日本', '中国', 'a日', 'a国', 'a', '', '-', 'a\n', `a${'b'.repeat(60)}`, `a${'b'.repeat(61)}`].map(
    kubernetesName,
  )
  expect(new Set(names).size).toBe(names.length)
})

test('label values are those that Kubernetes takes', () => {
  expect(labelValue('0.6.4.post1')).toBe('0.6.4.post1')
  for (const text of ['', '-a', 'a b', 'a\n', 'a+b', 'a'.repeat(64)]) expect(labelValue(text)).toBeUndefined()
})
