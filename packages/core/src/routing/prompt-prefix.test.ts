import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../model-request.js'
import { promptPrefix } from './prompt-prefix.js'

function chat(...contents: readonly string[]): ModelRequest {
  return { feature: 'duo-chat', messages: contents.map((content) => ({ role: 'user', content })) }
}

describe('promptPrefix', () => {
  it('keeps every hash of a prompt when more text follows', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 600, maxLength: 5_000 }), fc.string({ maxLength: 5_000 }), (begin, more) => {
        const before = promptPrefix(chat(begin)).hashes
        const after = promptPrefix(chat(begin, more)).hashes
        const whole = before.length
        expect(after.slice(0, whole)).toEqual(before)
      }),
    )
  })

  it('differs from the block on that differs', () => {
    const one = promptPrefix(chat(`${'a'.repeat(1_200)}${'b'.repeat(1_200)}`)).hashes
    const other = promptPrefix(chat(`${'a'.repeat(1_200)}${'c'.repeat(1_200)}`)).hashes
    expect(one.slice(0, 2)).toEqual(other.slice(0, 2))
    expect(one[2]).not.toBe(other[2])
  })

  it('stays short however long the prompt is, and has a hash for an empty one', () => {
    expect(promptPrefix(chat('x'.repeat(2_000_000))).hashes.length).toBe(64)
    expect(promptPrefix(chat('')).hashes).toHaveLength(1)
    expect(promptPrefix({ feature: 'code-completion', prefix: '' }).hashes).toHaveLength(1)
  })

  it('tells roles, files and instructions apart', () => {
    const prompts: ModelRequest[] = [
      chat('x'),
      { feature: 'duo-chat', messages: [{ role: 'system', content: 'x' }] },
      { feature: 'code-completion', prefix: 'x', filePath: 'a.ts' },
      { feature: 'code-completion', prefix: 'x', filePath: 'b.ts' },
      { feature: 'code-generation', instruction: 'x' },
    ]
    expect(new Set(prompts.map((prompt) => promptPrefix(prompt).hashes[0])).size).toBe(prompts.length)
  })
})
