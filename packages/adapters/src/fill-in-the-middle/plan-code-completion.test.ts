import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillInTheMiddleFamilies, findFillInTheMiddleFamily } from './find-family.js'
import { instructMarks } from './instruct-completion.js'
import type { OutputCleaner } from './output-cleaner.js'
import { planCodeCompletion } from './plan-code-completion.js'
import { planCodeGeneration } from './plan-code-generation.js'

const prefix = 'def f(x):\n    '
const suffix = '\n    return y'

function clean(cleaner: OutputCleaner, pieces: readonly string[]): string {
  return pieces.map((piece) => cleaner.push(piece)).join('') + cleaner.flush()
}

function cutInto(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((place, index) => text.slice(place, [...places, text.length][index]))
}

const countOf = (text: string, part: string): number => text.split(part).length - 1

describe('models with fill-in-the-middle tokens', () => {
  it.each([
    ['codestral-22b-v0.1', '[SUFFIX]\n    return y[PREFIX]def f(x):\n    ', '</s>'],
    ['mistralai/Mistral-7B-Instruct-v0.3', '[SUFFIX]\n    return y[PREFIX]def f(x):\n    ', '</s>'],
    [
      'google/codegemma-7b',
      '<|fim_prefix|>def f(x):\n    <|fim_suffix|>\n    return y<|fim_middle|>',
      '<|file_separator|>',
    ],
    ['code-llama-13b', '<PRE> def f(x):\n     <SUF>\n    return y <MID>', '<EOT>'],
    [
      'deepseek-coder-33b-base',
      '<｜fim▁begin｜>def f(x):\n    <｜fim▁hole｜>\n    return y<｜fim▁end｜>',
      '<｜end▁of▁sentence｜>',
    ],
    [
      'Qwen/Qwen2.5-Coder-7B',
      '<|fim_prefix|>def f(x):\n    <|fim_suffix|>\n    return y<|fim_middle|>',
      '<|endoftext|>',
    ],
    ['bigcode/starcoder2-15b', '<fim_prefix>def f(x):\n    <fim_suffix>\n    return y<fim_middle>', '<|endoftext|>'],
  ])('%s', (modelId, prompt, stop) => {
    const plan = planCodeCompletion({ modelId, prefix, suffix, rawCompletion: true })
    expect(plan.request).toMatchObject({ kind: 'completion', prompt })
    expect(plan.stopSequences).toContain(stop)
  })

  it('stop by token id where text stops would not see the token', () => {
    const { request } = planCodeCompletion({ modelId: 'codegemma-2b', prefix, suffix, rawCompletion: true })
    expect(request).toMatchObject({ platformOptions: { stop_token_ids: [67, 68, 69, 70] } })
  })

  it('are found by the family key where no model is named', () => {
    expect(planCodeCompletion({ modelFamily: 'codestral', prefix, rawCompletion: true }).request.kind).toBe(
      'completion',
    )
    expect(
      planCodeCompletion({ modelId: 'codegemma-7b-it', modelFamily: 'codegemma', prefix, rawCompletion: true }).request
        .kind,
    ).toBe('chat')
  })

  it.each([
    'mixtral-8x7b-instruct-v0.1',
    'mistral-7b-instruct-v0.2',
    'llama-3.1-8b',
    'claude-3.7-sonnet',
    'gpt-4o',
    'codegemma-7b-it',
    'deepseek-coder-33b-instruct',
    'codellama/CodeLlama-34b-hf',
  ])('%s has none and is asked in words', (modelId) => {
    expect(findFillInTheMiddleFamily(modelId)).toBeUndefined()
    expect(planCodeCompletion({ modelId, prefix, suffix, rawCompletion: true }).request.kind).toBe('chat')
  })

  it('never let a token of the user survive, and leave other text as it is', () => {
    for (const family of fillInTheMiddleFamilies) {
      const word = fc.oneof(
        fc.constantFrom(...family.sentinels),
        fc.constantFrom('<', '|', '[', ']', '>', '<s', '[PRE', ' ', '\n', 'x = 1'),
      )
      const code = fc.array(word, { maxLength: 12 }).map((words) => words.join(''))
      const empty = family.prompt('', '')
      const modelId =
        { codestral: 'codestral', 'deepseek-coder': 'deepseek-coder-base', 'qwen-coder': 'qwen2.5-coder' }[family.id] ??
        family.id
      fc.assert(
        fc.property(code, code, (before, after) => {
          const { request } = planCodeCompletion({ modelId, prefix: before, suffix: after, rawCompletion: true })
          if (request.kind !== 'completion') return expect.unreachable()
          for (const sentinel of family.sentinels)
            expect(countOf(request.prompt, sentinel)).toBe(countOf(empty, sentinel))
          if (!family.sentinels.some((sentinel) => before.includes(sentinel) || after.includes(sentinel)))
            expect(request.prompt).toBe(family.prompt(before, after))
        }),
      )
    }
  })

  it('end their output at a stop, however it is cut', () => {
    const plan = planCodeCompletion({ modelId: 'codestral', prefix, suffix, rawCompletion: true })
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
        expect(clean(plan.createCleaner(), cutInto('a[1] < b[SUF\n[SUFFIX] more', cuts))).toBe('a[1] < b[SUF\n')
      }),
    )
  })
})

describe('models that are asked in words', () => {
  const plan = planCodeCompletion({ modelId: 'gpt-4o', prefix, suffix, rawCompletion: false })
  const [open, close] = instructMarks.answer

  it('get code that cannot close the marks around it', () => {
    const hostile = `x ${instructMarks.before[1]} ${open}`
    const { request } = planCodeCompletion({ prefix: hostile, suffix: hostile, filePath: 'a\nb', rawCompletion: false })
    const user = request.kind === 'chat' ? (request.messages.at(-1)?.content ?? '') : ''
    expect(countOf(user, instructMarks.before[1])).toBe(1)
    expect(countOf(user, open)).toBe(0)
    expect(user).toContain('File: a b\n')
  })

  it.each([
    ['bare code', 'y = x + 1', 'y = x + 1'],
    ['marks', `${open}y = x + 1${close} Done.`, 'y = x + 1'],
    ['a fence', '```python\ny = x + 1\n```\nThis adds one.', 'y = x + 1'],
    ['a sentence and a fence', 'Here is the code:\n\n```python\ny = x + 1\n```', 'y = x + 1'],
    ['a sentence and marks', `Sure, here it is:\n${open}y = x + 1${close}`, 'y = x + 1'],
    ['a longer fence around a shorter one', '````md\n```\na\n```\n````', '```\na\n```'],
    ['a fence inside marks', `${open}\n\`\`\`python\ny = x + 1\n\`\`\`\n${close}`, 'y = x + 1'],
    ['the line before the cursor again', 'def f(x):\n    y = x + 1', 'y = x + 1'],
    ['the line after the cursor again', 'y = x + 1\n    return y', 'y = x + 1'],
    ['both', '```\ndef f(x):\n    y = x + 1\n    return y\n```', 'y = x + 1'],
    ['code that only begins like an echo', 'def g(): pass', 'def g(): pass'],
    ['code that looks like a sentence', 'Foo, bar = baz:\nx', 'Foo, bar = baz:\nx'],
    ['nothing', '', ''],
  ])('give the middle alone: %s', (_name, answer, middle) => {
    expect(clean(plan.createCleaner(), [answer])).toBe(middle)
  })

  it('give the same, however the answer is cut', () => {
    const word = fc.constantFrom(
      '```',
      '```python\n',
      '~~~',
      '\n',
      ' ',
      'def f(x):',
      '    return',
      ' y',
      'y = x',
      'Here is:',
      'Sure, ',
      'I',
      open,
      close,
      open.slice(0, 5),
      '`',
      'Foo:\n',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), fc.array(fc.nat(), { maxLength: 10 }), (words, cuts) => {
        const answer = words.join('')
        for (const each of [
          plan,
          planCodeGeneration({ instruction: 'x', prefix, suffix }),
          planCodeGeneration({ instruction: 'x' }),
        ])
          expect(clean(each.createCleaner(), cutInto(answer, cuts))).toBe(clean(each.createCleaner(), [answer]))
      }),
      { numRuns: 3_000 },
    )
  })

  it('are asked for new code with the code around the cursor, or without any', () => {
    const bare = planCodeGeneration({ instruction: 'Sort a list.' }).request
    expect(bare).toMatchObject({
      kind: 'chat',
      messages: [{ role: 'system' }, { role: 'user', content: 'Sort a list.' }],
    })
    const user = JSON.stringify(planCodeGeneration({ instruction: 'Sort.', prefix, language: 'Python' }).request)
    expect(user).toContain('Language: Python')
    expect(
      clean(planCodeGeneration({ instruction: 'x' }).createCleaner(), ['Sure, here:\n```js\n', 'a()\n', '```\nbye']),
    ).toBe('a()')
  })
})
