import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseServeArguments } from './serve-arguments.js'

const read = (written: string | readonly string[]) => {
  const { model, options, problems } = parseServeArguments(written)
  return { model, options: Object.fromEntries(options), problems }
}

describe('parseServeArguments', () => {
  test.each([
    ['--tensor-parallel-size 2', { 'tensor-parallel-size': ['2'] }],
    ['--tensor_parallel_size=2', { 'tensor-parallel-size': ['2'] }],
    ['-tp 2 -pp=3 -q awq', { 'tensor-parallel-size': ['2'], 'pipeline-parallel-size': ['3'], quantization: ['awq'] }],
    ['--max-model-len 1 --max-model-len 2', { 'max-model-len': ['2'] }],
    [
      '--served-model-name a "b c" --enable-log-requests',
      { 'served-model-name': ['a', 'b c'], 'enable-log-requests': [] },
    ],
    ['--max-model-len -1', { 'max-model-len': ['-1'] }],
    ["--served-model-name 'it''s' \\\n --dtype \"b\\\"f\"", { 'served-model-name': ['its'], dtype: ['b"f'] }],
  ])('%s', (line, options) => {
    expect(read(line)).toMatchObject({ options, problems: [] })
  })

  test.each([
    'vllm serve /models/x --dtype auto',
    'serve /models/x --dtype auto',
    'CUDA_VISIBLE_DEVICES=0,1 vllm serve /models/x --dtype auto',
    'python3 -m vllm.entrypoints.openai.api_server /models/x --dtype auto',
    '--dtype auto /models/x',
    '--enable-prefix-caching /models/x --dtype auto',
  ])('the model of %s', (line) => {
    expect(read(line)).toMatchObject({ model: '/models/x', options: { dtype: ['auto'] } })
    expect(read(line.split(' '))).toEqual(read(line))
  })

  test('a quote that stays open, and an entry that holds two arguments, are problems', () => {
    expect(read("--served-model-name 'a").problems).toHaveLength(1)
    expect(read(['--tensor-parallel-size 2'])).toEqual({
      model: undefined,
      options: { 'tensor-parallel-size': ['2'] },
      problems: [expect.stringContaining('Entry 0')],
    })
  })

  test('what a shell would quote comes back, whatever it holds', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.startsWith('-'))
    fc.assert(
      fc.property(value, (text) => {
        const quoted = `'${text.replaceAll("'", `'\\''`)}'`
        expect(read(`--served-model-name ${quoted}`)).toMatchObject({
          options: { 'served-model-name': [text] },
          problems: [],
        })
      }),
    )
  })

  test('any text is read, in time that grows with its length only', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string())), (written) => {
        expect(parseServeArguments(written).problems.length).toBeLessThanOrEqual(1)
      }),
    )
    for (const part of ['"\\', "'", '\\', '--a=', ' "a" '])
      expect(read(part.repeat(50_000)).options).toBeTypeOf('object')
  })
})
