import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeFrame } from '../../test/frames.js'
import { createRandom } from '../random.js'
import { corruptFrame, encodeFrame } from './event-stream-frame.js'
import { errorFrame, eventFrame, exceptionFrame } from './frames.js'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
)
const wholeText = fc.string({ unit: 'binary' })
// The SDK puts headers into an object by their names, and loses the one that names its prototype.
const isName = (text: string) => text !== '' && text !== '__proto__' && Buffer.byteLength(text) < 256
const headers = fc.uniqueArray(fc.tuple(wholeText.filter(isName), wholeText), {
  maxLength: 5,
  selector: ([name]) => name,
})

test('the empty message is the documented one', () => {
  expect(encodeFrame([], '').toString('hex')).toBe('000000100000000005c248eb7d98c8ff')
})

test('a delta is encoded as in a recording of the service', () => {
  const frame = encodeFrame(
    [
      [':event-type', 'contentBlockDelta'],
      [':content-type', 'application/json'],
      [':message-type', 'event'],
    ],
    '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"ab"}',
  )
  expect(frame.toString('hex')).toBe(
    '0000009d00000057b9bbf89f0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d2c2270223a226162227d8b38b268',
  )
})

test('any headers and payload are encoded as the AWS SDK encodes them, and it reads them back', () => {
  fc.assert(
    fc.property(headers, wholeText, (list, payload) => {
      const theirs = codec.encode({
        headers: Object.fromEntries(list.map(([name, value]) => [name, { type: 'string', value }])),
        body: Buffer.from(payload),
      })
      // Objects sort names that look like numbers; the order of others is theirs and ours.
      const ours = encodeFrame(
        Object.keys(Object.fromEntries(list)).map((name) => [name, new Map(list).get(name) ?? '']),
        payload,
      )
      expect(ours.equals(theirs)).toBe(true)
      expect(decodeFrame(ours)).toEqual({ headers: Object.fromEntries(list), payload })
    }),
  )
})

describe('a damaged frame', () => {
  const frame = eventFrame('contentBlockDelta', { delta: { text: 'Hello' } }, createRandom(1))

  test.each([
    ['length', /length|checksum/i],
    ['prelude-checksum', /checksum/i],
    ['headers', /checksum/i],
    ['payload', /checksum/i],
    ['message-checksum', /checksum/i],
  ] as const)('in its %s is refused by the AWS SDK', (part, message) => {
    const damaged = corruptFrame(frame, part)
    expect(damaged).toHaveLength(frame.length)
    expect(() => decodeFrame(damaged)).toThrow(message)
  })

  test('differs in one bit', () => {
    fc.assert(
      fc.property(
        headers,
        wholeText,
        fc.constantFrom('length', 'prelude-checksum', 'headers', 'payload', 'message-checksum'),
        (list, payload, part) => {
          const whole = encodeFrame(list, payload)
          const changed = corruptFrame(whole, part).map((byte, index) => byte ^ (whole[index] ?? 0))
          expect(changed.filter((byte) => byte !== 0)).toEqual(Buffer.of(1))
        },
      ),
    )
  })
})

test('events are padded by a random length, with sorted keys', () => {
  const random = createRandom(7)
  const payloads = Array.from(
    { length: 20 },
    () => decodeFrame(eventFrame('metadata', { usage: {}, metrics: {} }, random)).payload,
  )
  for (const payload of payloads) expect(payload).toMatch(/^\{"metrics":\{\},"p":"[a-zA-Z0-9]+","usage":\{\}\}$/)
  expect(new Set(payloads.map(({ length }) => length)).size).toBeGreaterThan(5)
})

test('exceptions and errors are told by headers', () => {
  expect(decodeFrame(exceptionFrame('ModelStreamErrorException', 'x'))).toEqual({
    headers: {
      ':exception-type': 'modelStreamErrorException',
      ':content-type': 'application/json',
      ':message-type': 'exception',
    },
    payload: '{"message":"x","originalMessage":"The model failed while it was streaming.","originalStatusCode":500}',
  })
  expect(decodeFrame(errorFrame('InternalServerException', 'x'))).toEqual({
    headers: { ':message-type': 'error', ':error-code': 'InternalServerException', ':error-message': 'x' },
    payload: '',
  })
})
