import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeConverseEvent, encodeEventStreamMessage } from '../testing/event-stream-message.js'
import { EventStreamDecoder } from '../wire/event-stream.js'
import { TextDeltaFrame } from './text-delta-frame.js'

/** What the frame makes of each message: its text, or `undefined` where it leaves the message to the parser. */
function matchAll(messages: readonly Buffer[], frame = new TextDeltaFrame()): (string | undefined)[] {
  const texts: (string | undefined)[] = []
  const decoder = new EventStreamDecoder((message) => {
    texts.push(frame.match(message) ? frame.text : undefined)
    return true
  })
  decoder.push(Buffer.concat(messages))
  return texts
}

const deltaHeaders = {
  ':event-type': 'contentBlockDelta',
  ':content-type': 'application/json',
  ':message-type': 'event',
}

function delta(payload: string): Buffer {
  return encodeEventStreamMessage(deltaHeaders, payload)
}

/** The text of a payload as a parser sees it; `undefined` where the payload is no piece of text and nothing else. */
function parsedText(payload: string): string | undefined {
  const json = JSON.parse(payload)
  return typeof json.delta?.text === 'string' ? json.delta.text : undefined
}

const padding = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), maxLength: 62 })

describe('TextDeltaFrame', () => {
  it('reads every text that Bedrock may send, and says what JSON.parse says', () => {
    const events = fc.array(
      fc.record({
        text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string({ maxLength: 300 })),
        index: fc.nat(12),
        p: padding,
      }),
      { minLength: 1, maxLength: 8 },
    )
    fc.assert(
      fc.property(events, (all) => {
        const sent = all.map(({ text, index, p }) => {
          const event = { contentBlockIndex: index, delta: { text }, p }
          return encodeConverseEvent('contentBlockDelta', event)
        })
        // A half of a surrogate pair cannot be sent as UTF-8; JSON.stringify escapes it.
        expect(matchAll(sent)).toEqual(all.map(({ text }) => JSON.parse(JSON.stringify(text))))
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['without padding', '{"contentBlockIndex":0,"delta":{"text":"Hi"}}', 'Hi'],
    ['an empty text', '{"contentBlockIndex":0,"delta":{"text":""},"p":"a"}', ''],
    ['empty padding', '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":""}', 'Hi'],
    ['escapes', '{"contentBlockIndex":0,"delta":{"text":"\\n\\u00e9\\""},"p":"a"}', '\né"'],
    ['a DEL', '{"contentBlockIndex":0,"delta":{"text":"\u007f"},"p":"a"}', '\u007f'],
  ])('reads %s', (_name, payload, text) => {
    expect(matchAll([delta(payload)])).toEqual([text])
  })

  it.each([
    ['another order of members', '{"delta":{"text":"Hi"},"contentBlockIndex":0}'],
    ['blanks', '{ "contentBlockIndex": 0, "delta": { "text": "Hi" } }'],
    ['a second member of the delta', '{"contentBlockIndex":0,"delta":{"text":"Hi","extra":1}}'],
    ['a second member of the event', '{"contentBlockIndex":0,"delta":{"text":"Hi"},"x":1}'],
    ['padding that is no word', '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"a b"}'],
    ['members after the padding', '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"a","delta":{"text":"No"}}'],
    ['a tool', '{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}}'],
    ['reasoning', '{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm"}}}'],
    ['a control character', '{"contentBlockIndex":0,"delta":{"text":"a\nb"},"p":"a"}'],
    ['an escape JSON does not have', '{"contentBlockIndex":0,"delta":{"text":"\\x"},"p":"a"}'],
    ['a number with a leading zero', '{"contentBlockIndex":01,"delta":{"text":"Hi"}}'],
    ['no end', '{"contentBlockIndex":0,"delta":{"text":"Hi'],
    ['no end after the quote', '{"contentBlockIndex":0,"delta":{"text":"Hi"'],
  ])('leaves %s to the parser', (_name, payload) => {
    expect(matchAll([delta(payload)])).toEqual([undefined])
  })

  it('leaves other events and other headers to the parser', () => {
    const payload = '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"a"}'
    const others = [
      encodeEventStreamMessage({ ...deltaHeaders, ':event-type': 'contentBlockStart' }, payload),
      encodeEventStreamMessage({ ...deltaHeaders, more: 'x' }, payload),
      encodeEventStreamMessage({}, payload),
    ]
    expect(matchAll([delta(payload), ...others, delta(payload)])).toEqual(['Hi', undefined, undefined, undefined, 'Hi'])
  })

  it('never says anything else than JSON.parse, whatever one byte is changed to', () => {
    const payload = '{"contentBlockIndex":0,"delta":{"text":"He\\nïlo"},"p":"abc"}'
    fc.assert(
      fc.property(fc.nat(payload.length - 1), fc.constantFrom(...'"\\{}:, abx019\u0000é'), (place, character) => {
        const changed = payload.slice(0, place) + character + payload.slice(place + 1)
        const [text] = matchAll([delta(changed)])
        if (text !== undefined) expect(text).toBe(parsedText(changed))
      }),
      { numRuns: 1000 },
    )
  })
})
