import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventTooLongError, ServerSentEventDecoder } from './server-sent-events.js'

interface DecodedEvent {
  readonly data: string
  readonly type: string | undefined
}

function decode(bytes: Uint8Array, cuts: readonly number[]): DecodedEvent[] {
  const events: DecodedEvent[] = []
  const decoder = new ServerSentEventDecoder((data, type) => events.push({ data, type }))
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  let start = 0
  for (const place of [...places, bytes.length]) {
    decoder.push(Buffer.from(bytes.subarray(start, place)))
    start = place
  }
  return events
}

function oracle(bytes: Uint8Array): DecodedEvent[] {
  const events: DecodedEvent[] = []
  const parser = createParser({
    onEvent: ({ data, event }) => events.push({ data, type: event === '' ? undefined : event }),
  })
  parser.feed(new TextDecoder().decode(bytes))
  return events
}

const piece = fc.oneof(
  fc.constantFrom(
    'data: ',
    'data:',
    'data',
    ':',
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    'event: error',
    'id: 1',
    'retry: 5',
    '{"a":1}',
    '[DONE]',
    'é',
    '😀',
    '\u2028',
    '\ufeff',
    'x\0',
  ),
  fc.string({ maxLength: 8 }),
)
const bytesOfText = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')))
const anyBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('data: ', '\n', '\n\n', '\r', 'data:x').map((text) => [...Buffer.from(text)]),
      fc.array(fc.nat(255), { maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.from(parts.flat()))
const cutsOf = fc.array(fc.nat(), { maxLength: 12 })

describe('ServerSentEventDecoder', () => {
  it('reads what eventsource-parser reads, in every cut', () => {
    fc.assert(
      fc.property(fc.oneof(bytesOfText, anyBytes), cutsOf, (bytes, cuts) => {
        // A line end in front of and behind the text settles what the parsers leave open: a CR as the last byte.
        const closed = Buffer.concat([bytes, Buffer.from('\n\n')])
        expect(decode(closed, cuts)).toEqual(oracle(closed))
      }),
      { numRuns: 3_000 },
    )
  })

  it('reads the same byte by byte as in one piece', () => {
    const text = '\ufeff: hi\r\ndata: {"a":"é😀"}\r\n\r\nevent: error\rdata: x\rdata: y\r\rdata\n\n'
    const bytes = Buffer.from(text)
    const whole = [
      { data: '{"a":"é😀"}', type: undefined },
      { data: 'x\ny', type: 'error' },
      { data: '', type: undefined },
    ]
    expect(decode(bytes, [])).toEqual(whole)
    expect(
      decode(
        bytes,
        Array.from({ length: bytes.length }, (_, index) => index),
      ),
    ).toEqual(whole)
  })

  it('hands out the event whose empty line is missing', () => {
    const decoder = new ServerSentEventDecoder(() => expect.unreachable())
    decoder.push(Buffer.from('data: [DO'))
    decoder.push(Buffer.from('NE]'))
    expect(decoder.end()).toBe('[DONE]')
    expect(decoder.end()).toBeUndefined()
  })

  it('refuses an event above the limit, in one line and in many', () => {
    const push = (text: string, times: number) => {
      const decoder = new ServerSentEventDecoder(() => undefined, { maxEventBytes: 1_000 })
      for (let count = 0; count < times; count++) decoder.push(Buffer.from(text))
    }
    expect(() => push('x'.repeat(100), 11)).toThrow(EventTooLongError)
    expect(() => push(`data: ${'x'.repeat(100)}\n`, 11)).toThrow(EventTooLongError)
    expect(() => push(`data: ${'x'.repeat(100)}\n\n`, 50)).not.toThrow()
  })
})
