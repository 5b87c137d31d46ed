import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AdapterEvent } from '../stream-event.js'
import { type ChoiceOwner, ChoiceStream } from './choice-stream.js'
import { ChunkForms } from './chunk-forms.js'
import { EventStreamBody } from './event-stream-body.js'
import { SharedEventReader } from './shared-event-reader.js'
import { OpenAIStreamReader, type StreamFailures } from './stream-reader.js'

const failures: StreamFailures = {
  reported: ({ message }) => new Error(`reported: ${message}`),
  protocol: (whatHappened) => new Error(`protocol: ${whatHappened}`),
  interrupted: (whatHappened) => new Error(`interrupted: ${whatHappened}`),
}
const context = {
  deployment: 'd',
  platform: 'vllm',
  method: 'POST',
  url: 'u',
  requestId: 'r',
  redact: (text: string) => text,
}
const owner: ChoiceOwner = { phase: 'first-token', start: () => {}, onClosed: () => {}, onRelief: () => {} }

interface Piece {
  readonly index: number
  readonly text: string
}

/** The chunks of answers that are written by turns, as vLLM writes them. */
function chunksOf(pieces: readonly Piece[], count: number): string[] {
  const written = Array.from({ length: count }, () => 0)
  const chunk = ({ index, text }: Piece, finish_reason: string | null) => {
    const completion_tokens = (written[index] ?? 0) + 1
    written[index] = completion_tokens
    const usage = { prompt_tokens: index + 3, total_tokens: index + 3 + completion_tokens, completion_tokens }
    const choices = [{ index, text, logprobs: null, finish_reason, stop_reason: null }]
    return JSON.stringify({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', choices, usage })
  }
  const ends = written.map((_, index) => chunk({ index, text: '' }, 'stop'))
  return [...pieces.map((piece) => chunk(piece, null)), ...ends]
}

/** What one choice says to a reader that sees nothing but its chunks. */
function alone(chunks: readonly string[], index: number): readonly AdapterEvent[] {
  const reader = new OpenAIStreamReader(failures, undefined, undefined, index)
  for (const data of chunks) if (JSON.parse(data).choices[0].index === index) reader.read(data)
  reader.end(undefined)
  return reader.takeEvents()
}

function together(chunks: readonly string[], count: number, cuts: readonly number[], forms: ChunkForms) {
  const streams = Array.from(
    { length: count },
    (_, index) => new ChoiceStream(owner, { signal: new AbortController().signal, context, failures }, forms, index),
  )
  const events = streams.map((): AdapterEvent[] => [])
  const body = new EventStreamBody(new SharedEventReader(streams), failures, () => {})
  const bytes = Buffer.from(`${chunks.map((data) => `data: ${data}\n\n`).join('')}data: [DONE]\n\n`)
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  let start = 0
  for (const place of places) {
    body.add(bytes.subarray(start, place))
    start = place
  }
  body.end()
  for (const [index, stream] of streams.entries()) events[index]?.push(...stream.take())
  return events
}

const count = 4
const piece = fc.record({
  index: fc.nat(count - 1),
  text: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('"index":2', '\\"index\\":3,', ' ', 'é\n', '😀')),
})

describe('SharedEventReader', () => {
  it('gives each choice what it would get alone, whatever the order and the cuts', () => {
    const forms = new ChunkForms()
    const property = fc.property(
      fc.array(piece, { maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (pieces, cuts) => {
        const chunks = chunksOf(pieces, count)
        const events = together(chunks, count, cuts, forms)
        for (const [index, own] of events.entries())
          expect(withoutUsage(own)).toEqual(withoutUsage(alone(chunks, index)))
      },
    )
    fc.assert(property, { numRuns: 200 })
  })

  it('compares most chunks with the one before, whichever choice they are about', () => {
    const pieces = Array.from({ length: 400 }, (_, at) => ({ index: at % count, text: `word ${at} ` }))
    const chunks = chunksOf(pieces, count)
    const parse = JSON.parse
    let parsed = 0
    JSON.parse = (...args: Parameters<typeof parse>) => {
      parsed += 1
      return parse(...args)
    }
    try {
      together(chunks, count, [], new ChunkForms())
    } finally {
      JSON.parse = parse
    }
    expect(parsed).toBeLessThan(60)
  })
})

/** How often a running count is told depends on the reads. */
function withoutUsage(events: readonly AdapterEvent[]): readonly AdapterEvent[] {
  return events.filter(({ type }) => type !== 'usage')
}
