import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdapterEvent } from '../stream-event.js'
import { ChunkForms } from './chunk-forms.js'
import { ChunkTemplate } from './chunk-template.js'
import { EventStreamBody } from './event-stream-body.js'
import type { JsonObject } from './json.js'
import { OpenAIStreamReader, type StreamFailures } from './stream-reader.js'

const failures: StreamFailures = {
  reported: ({ message }) => new Error(`reported: ${message}`),
  protocol: (whatHappened) => new Error(`protocol: ${whatHappened}`),
  interrupted: (whatHappened) => new Error(`interrupted: ${whatHappened}`),
}

interface Outcome {
  readonly events: readonly AdapterEvent[]
  readonly error: string | undefined
}

function outcomeOf(run: (events: AdapterEvent[]) => void): Outcome {
  const events: AdapterEvent[] = []
  try {
    run(events)
    return { events, error: undefined }
  } catch (error) {
    return { events, error: (error as Error).message }
  }
}

/** Every event goes through JSON.parse. */
function parseAll(data: readonly string[]): Outcome {
  return outcomeOf((events) => {
    const reader = new OpenAIStreamReader(failures)
    try {
      for (const item of data) reader.read(item)
      reader.end(undefined)
    } finally {
      events.push(...reader.takeEvents())
    }
  })
}

/** The same as bytes, in reads of any size. */
function decodeAll(data: readonly string[], cuts: readonly number[] = [], forms?: ChunkForms): Outcome {
  return outcomeOf((events) => {
    const reader = new OpenAIStreamReader(failures, undefined, forms)
    const body = new EventStreamBody(reader, failures, () => undefined)
    const bytes = Buffer.from(data.map((item) => `data: ${item}\n\n`).join(''))
    const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
    let start = 0
    try {
      for (const place of places) {
        body.add(bytes.subarray(start, place))
        start = place
      }
      body.end()
    } finally {
      events.push(...reader.takeEvents())
    }
  })
}

/** The template that a chunk gives. */
function templateOf(data: string, json: JsonObject): ChunkTemplate | undefined {
  const form = new ChunkForms().find(data, json)
  return form && new ChunkTemplate(form)
}

interface ChunkParts {
  readonly literal: string
  readonly member: string
  readonly usage: string
  readonly rest: string
  /** Members before and after the choices. */
  readonly frame?: readonly [before: string, after: string] | undefined
}

const chunkOf = ({ literal, member, usage, rest, frame: [before, after] = ['', ''] }: ChunkParts): string =>
  `{"id":"c"${before},"model":"m","choices":[{"index":0,"delta":{"${member}":${literal}}${rest}}]${after}${usage}}`

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom('', ' the', '"', '\\', '\n', '"content":"', '\ud83d', '😀', '}]', '"total_tokens":5', '\u2028'),
)
const literal = fc.oneof(
  { weight: 8, arbitrary: text.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: text.map((value) => JSON.stringify(value).replace(/[a-z]/g, escapeLetter)) },
  { weight: 1, arbitrary: fc.constantFrom('null', '5', '"a\tb"', '"\\x"', '"\\u12"', '"open', '"a","content":"b"') },
)
const escapeLetter = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
const count = fc.oneof(
  { weight: 6, arbitrary: fc.nat(100_000).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('01', '-1', '1.5', '1e3', '"7"', 'null', '', '9007199254740993', '00') },
)
const usage = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(count, count)
      .map(([total, output]) => `,"usage":{"prompt_tokens":9,"total_tokens":${total},"completion_tokens":${output}}`),
  },
  { weight: 1, arbitrary: count.map((output) => `,"usage":{"prompt_tokens":9,"completion_tokens":${output}}`) },
  { weight: 1, arbitrary: fc.constantFrom(',"usage":null', ',"usage":{"total_tokens":1,"total_tokens":2}') },
)
const filler = fc.oneof(
  { weight: 8, arbitrary: fc.string({ maxLength: 20 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.constantFrom('null', '5', '"a\tb"', '"\\x"', '"open', '"a","obfuscation":"b"') },
)
/** What OpenAI and Azure put around an answer; each of them may be missing, and stand on either side. */
const frame = fc
  .tuple(
    fc.option(filler.map((value) => `,"obfuscation":${value}`)),
    fc.option(fc.oneof(fc.nat(), fc.constantFrom('1e3', '-4', '007')).map((value) => `,"created":${value}`)),
    fc.option(fc.string({ maxLength: 5 }).map((value) => `,"id":${JSON.stringify(value)}`)),
    fc.boolean(),
  )
  .map(([...parts]): [string, string] => {
    const members = parts.filter((part) => typeof part === 'string')
    return parts[3] ? [members.join(''), ''] : ['', members.join('')]
  })
const chunk = fc
  .record({
    literal,
    member: fc.oneof(
      { weight: 8, arbitrary: fc.constant('content') },
      { weight: 1, arbitrary: fc.constantFrom('reasoning', 'reasoning_content', 'role', 'tool_calls', 'text') },
    ),
    usage,
    rest: fc.oneof(
      { weight: 9, arbitrary: fc.constant(',"finish_reason":null') },
      { weight: 1, arbitrary: fc.constantFrom(',"text":"t"', ',"finish_reason":"stop"', ',"message":{"content":"m"}') },
    ),
    frame: fc.option(frame, { nil: undefined }),
  })
  .map(chunkOf)
const anything = fc.oneof(
  { weight: 20, arbitrary: chunk },
  { weight: 1, arbitrary: fc.constantFrom('[DONE]', '{"choices":[]}', '{"error":"boom"}', '{', 'null', '[1]') },
)
/** What a server does that repeats one form: the case the comparison is made for. */
const steady = fc
  .tuple(
    fc.array(fc.tuple(literal, count, filler), { minLength: 2, maxLength: 12 }),
    fc.boolean(),
    fc.boolean(),
    fc.nat(1_000),
  )
  .map(([pieces, withUsage, withFiller, created]) =>
    pieces.map(([value, number, obfuscation]) =>
      chunkOf({
        literal: value,
        member: 'content',
        usage: withUsage
          ? `,"usage":{"prompt_tokens":${created},"total_tokens":${number},"completion_tokens":${number}}`
          : '',
        rest: ',"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"finish_reason":null',
        frame: [`,"created":${created}`, withFiller ? `,"obfuscation":${obfuscation}` : ''],
      }),
    ),
  )
const ending = ['{"choices":[{"delta":{},"finish_reason":"stop"}]}', '[DONE]']

describe('chunks that are matched and not parsed', () => {
  it('say what JSON.parse says, in any order, form and cut', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(anything, { maxLength: 12 }), steady),
        fc.array(fc.nat(), { maxLength: 6 }),
        (chunks, cuts) => {
          const data = [...chunks, ...ending]
          // The decoder turns lone surrogates into U+FFFD on the way; both sides must see the same bytes.
          const sent = data.map((item) => Buffer.from(item).toString())
          expect(decodeAll(sent, cuts)).toEqual(parseAll(sent))
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('say it also with forms that other streams of the server have left', () => {
    const forms = new ChunkForms()
    fc.assert(
      fc.property(fc.oneof(fc.array(anything, { maxLength: 6 }), steady), (chunks) => {
        const sent = [...chunks, ...ending].map((item) => Buffer.from(item).toString())
        expect(decodeAll(sent, [], forms)).toEqual(parseAll(sent))
      }),
      { numRuns: 500 },
    )
  })

  it('are found again in the next stream, whose id, time and prompt are others', () => {
    const make = (id: string, created: number, prompt: number, output: number, value: string) =>
      `{"id":"${id}","created":${created},"choices":[{"delta":{"content":"${value}"}}],"usage":{"prompt_tokens":${prompt},"total_tokens":${prompt + output},"completion_tokens":${output}}}`
    const forms = new ChunkForms()
    const first = make('a', 1, 9, 1, 'x')
    const second = make('bcd', 23, 700, 1, 'y')
    const form = forms.find(first, JSON.parse(first))
    expect(form?.parts[0]).toBe('{"id":"a","created":1,"choices":[{"delta":{"content":"')
    const next = forms.find(second, JSON.parse(second))
    const template = next && new ChunkTemplate(next)
    const event = `data: ${make('bcd', 23, 700, 41, 'hello')}\n\n`
    expect(template?.match(event, 0)).toBe(event.length)
    expect(template?.text).toBe('hello')
    expect(template?.usage).toEqual({ inputTokens: 700, outputTokens: 41, totalTokens: 741 })
    expect(template?.match(`data: ${make('a', 23, 700, 41, 'hello')}\n\n`, 0)).toBe(-1)
  })

  it('are found with the filler and the filter results of Azure, of any length', () => {
    const make = (value: string, filler: string) =>
      `{"choices":[{"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}},"delta":{"content":${JSON.stringify(value)},"refusal":null},"finish_reason":null,"index":0,"logprobs":null}],"created":1,"id":"c","model":"gpt-4o","obfuscation":"${filler}","object":"chat.completion.chunk","system_fingerprint":"fp","usage":null}`
    const template = templateOf(make('a', 'xyz'), JSON.parse(make('a', 'xyz')))
    for (const filler of ['', 'q', 'w8Hm2kL0aZ', 'é😀', 'content', '{}']) {
      const event = `data: ${make(' word', filler)}\n\n`
      expect(template?.match(event, 0)).toBe(event.length)
      expect(template?.text).toBe(' word')
    }
    for (const filler of ['\\n', '\\x', '\t', '","choices":[],"x":"'])
      expect(template?.match(`data: ${make(' word', filler)}\n\n`, 0)).toBe(-1)
    expect(template?.hasUsage).toBe(false)
  })

  it('are found in the form vLLM sends, with escapes, long texts and running usage', () => {
    const usageOf = (tokens: number) =>
      `,"usage":{"prompt_tokens":9,"total_tokens":${9 + tokens},"completion_tokens":${tokens}}`
    const make = (value: string, tokens: number) =>
      chunkOf({
        literal: JSON.stringify(value),
        member: 'content',
        usage: usageOf(tokens),
        rest: ',"finish_reason":null',
      })
    const template = templateOf(make('Hello', 1), JSON.parse(make('Hello', 1)))
    for (const value of [' x', '\n', '"', '\\', 'x'.repeat(500), 'é😀', '\u0001']) {
      const event = `data: ${make(value, 1234)}\n\n`
      expect(template?.match(`:\n${event}data: next`, 2)).toBe(2 + event.length)
      expect(template?.text).toBe(value)
      expect(template?.usage).toEqual({ inputTokens: 9, outputTokens: 1234, totalTokens: 1243 })
    }
  })

  it.each([
    ['a text that ends with the read', 'data: {"choices":[{"delta":{"content":"ab'],
    ['a control character in the text', 'data: {"choices":[{"delta":{"content":"a\tb"}}]}\n\n'],
    ['a broken escape', 'data: {"choices":[{"delta":{"content":"\\x"}}]}\n\n'],
    ['one more member', 'data: {"choices":[{"delta":{"content":"a","role":"b"}}]}\n\n'],
    ['an empty line that is not here yet', 'data: {"choices":[{"delta":{"content":"a"}}]}\n'],
    ['an empty text', 'data: {"choices":[{"delta":{"content":""}}]}\n\n'],
  ])('are not those with %s', (_what, event) => {
    const data = '{"choices":[{"delta":{"content":"x"}}]}'
    const template = templateOf(data, JSON.parse(data))
    expect(template?.match(`data: ${data}\n\n`, 0)).toBe(data.length + 8)
    expect(template?.match(event, 0)).toBe(-1)
  })

  it.each([
    ['two choices', '{"choices":[{"delta":{"content":"x"}},{"index":1,"delta":{"content":"y"}}]}'],
    ['a tool call', '{"choices":[{"delta":{"content":"x","tool_calls":[{}]}}]}'],
    ['a finish reason', '{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}'],
    ['text and reasoning', '{"choices":[{"delta":{"content":"x","reasoning":"y"}}]}'],
    ['a refusal beside its text', '{"choices":[{"delta":{"content":"x","refusal":"no"}}]}'],
    ['an error', '{"error":null,"choices":[{"delta":{"content":"x"}}]}'],
    ['a member whose name is escaped', '{"choices":[{"delta":{"\\u0063ontent":"x"}}]}'],
    ['a length that is not worth it', `{"x":"${'y'.repeat(20_000)}","choices":[{"delta":{"content":"x"}}]}`],
  ])('are not made from a chunk with %s', (_what, data) => {
    expect(templateOf(data, JSON.parse(data))).toBeUndefined()
  })

  it('are matched for the choice of their own reader only, whichever choice the form was learned from', () => {
    const make = (index: number, text: string) => `{"choices":[{"index":${index},"delta":{"content":"${text}"}}]}`
    const data = Array.from({ length: 40 }, (_, at) => make(at % 3, `${at % 3}`))
    const forms = new ChunkForms()
    for (const index of [0, 2, 1]) {
      const reader = new OpenAIStreamReader(failures, undefined, forms, index)
      const body = new EventStreamBody(reader, failures, () => undefined)
      body.add(Buffer.from(data.map((item) => `data: ${item}\n\n`).join('')))
      const texts = reader.takeEvents().flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
      expect(texts).toEqual(Array.from({ length: index === 0 ? 14 : 13 }, () => `${index}`))
    }
  })

  it('take the text from its own place where the same name stands elsewhere too', () => {
    const make = (value: string) =>
      `{"note":{"content":"x"},"choices":[{"delta":{"content":${JSON.stringify(value)}}}],"last":{"content":"x"}}`
    const template = templateOf(make('x'), JSON.parse(make('x')))
    expect(template?.match(`data: ${make('other')}\n\n`, 0)).toBeGreaterThan(0)
    expect(template?.text).toBe('other')
  })
})
