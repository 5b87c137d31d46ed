import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as shapes from '../../test/sizing/architectures.js'
import { catalog } from '../catalog/catalog.js'
import type { ModelArchitecture } from './model-architecture.js'
import { groupWidth, nearestTensorParallelSize, splitProblems, validTensorParallelSizes } from './tensor-parallel.js'

function architecture(id: string): ModelArchitecture {
  const found = Object.values(catalog.architectures).find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no architecture of ${id}`)
  return found
}

describe('valid tensor parallel sizes', () => {
  test.each([
    ['mistral-7b-it-v0.2', [1, 2, 4, 8, 16]],
    ['mistral-7b-it-v0.3', [1, 2, 4, 8, 16]],
    ['codestral-22b-v0.1', [1, 2, 4, 8, 16]],
    ['mistral-small-24b-instruct-2506', [1, 2, 4, 8, 16]],
    ['mixtral-8x7b-it-v0.1', [1, 2, 4, 8, 16]],
    ['mixtral-8x22b-it-v0.1', [1, 2, 4, 8, 16]],
    ['llama-3-8b', [1, 2, 4, 8, 16]],
    ['llama-3.1-70b', [1, 2, 4, 8, 16]],
    ['codegemma-2b', [1, 2, 4, 8]],
    ['codegemma-7b-it', [1, 2, 4, 8, 16]],
    ['code-llama-13b', [1, 2, 4, 8]],
    ['deepseek-coder-33b-instruct', [1, 2, 4, 8]],
  ])('%s', (id, sizes) => {
    expect(validTensorParallelSizes(architecture(id))).toEqual(sizes)
  })

  test('the vocabulary has to divide as well: 40 heads alone would take 5', () => {
    expect(splitProblems(shapes.qwen3_14b, 5).map(({ part }) => part)).toContain('vocabulary')
    expect(shapes.qwen3_14b.attentionHeads % 5).toBe(0)
  })

  test('a group of weights with one scale is not cut', () => {
    const published = { ...shapes.qwen25_72b, quantization: { method: 'gptq', bits: 4, groupSize: 128 } } as const
    expect(splitProblems(published, 8, { quantization: published.quantization })).toEqual([
      {
        part: 'quantization',
        message: expect.stringMatching(/3696 is not divisible by group_size = 128.*too large tensor parallel size/),
      },
    ])
    expect(splitProblems(published, 4, { quantization: published.quantization })).not.toEqual([])
    expect(splitProblems(shapes.qwen25_72b, 8)).toEqual([])
  })

  test('the side of a square of weights counts', () => {
    expect(groupWidth({ method: 'fp8', bits: 8, groupSize: 16_384 })).toBe(128)
    expect(groupWidth({ method: 'awq', bits: 4, groupSize: 128 })).toBe(128)
    expect(groupWidth({ method: 'int8', bits: 8 })).toBeUndefined()
  })

  test('whole experts divide nothing', () => {
    const { quantization } = shapes.qwen3_235bFp8
    expect(splitProblems(shapes.qwen3_235bFp8, 8, { quantization }).map(({ part }) => part)).toEqual(['quantization'])
    expect(splitProblems(shapes.qwen3_235bFp8, 8, { quantization, expertParallel: true })).toEqual([])
  })

  test('the nearest size is valid, and nothing nearer is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(catalog.architectures)),
        fc.integer({ min: 2, max: 64 }),
        (model, size) => {
          const nearest = nearestTensorParallelSize(model, size, {})
          expect(splitProblems(model, nearest)).toEqual([])
          for (let other = 1; other <= 64; other += 1)
            if (other !== size && Math.abs(other - size) < Math.abs(nearest - size))
              expect(splitProblems(model, other)).not.toEqual([])
        },
      ),
    )
  })
})
