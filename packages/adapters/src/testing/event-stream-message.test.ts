import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeConverseEvent, encodeEventStreamMessage } from './event-stream-message.js'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

describe('encodeEventStreamMessage', () => {
  it('writes the bytes the official codec writes', () => {
    const name = fc.string({ minLength: 1, maxLength: 40 })
    const headers = fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 60 }), { noNullPrototype: true })
    fc.assert(
      fc.property(headers, fc.string({ unit: 'grapheme' }), (texts, payload) => {
        const values = Object.entries(texts).map(([key, value]) => [key, { type: 'string', value }] as const)
        const encoded = codec.encode({ headers: Object.fromEntries(values), body: Buffer.from(payload) })
        expect(encodeEventStreamMessage(texts, payload)).toEqual(Buffer.from(encoded))
      }),
    )
  })

  it('writes the documented example', () => {
    const event = { contentBlockIndex: 0, delta: { text: 'Hi' }, p: 'ab' }
    expect(encodeConverseEvent('contentBlockDelta', event).toString('hex')).toBe(
      '0000009d00000057b9bbf89f0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d2c2270223a226162227d8b38b268',
    )
  })
})
