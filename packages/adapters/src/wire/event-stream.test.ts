import { crc32 } from 'node:zlib'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventStreamDecoder, EventStreamError } from './event-stream.js'

type Encodable = Parameters<EventStreamCodec['encode']>[0]
type HeaderValue = Encodable['headers'][string]

/** The official codec: what it encodes must be decoded here, and what it refuses must be refused. */
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

interface Seen {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

function encode(headers: Readonly<Record<string, HeaderValue>>, payload: string): Buffer {
  return Buffer.from(codec.encode({ headers, body: Buffer.from(payload) }))
}

function text(value: string): HeaderValue {
  return { type: 'string', value }
}

function decode(reads: readonly Buffer[], maxMessageBytes?: number) {
  const seen: Seen[] = []
  const decoder = new EventStreamDecoder((message) => {
    seen.push({ headers: Object.fromEntries(message.headers), payload: message.payload })
    expect(message.byteText.slice(message.payloadStart, message.payloadEnd)).toBe(
      message.bytes.toString('latin1', message.payloadStart, message.payloadEnd),
    )
    return true
  }, maxMessageBytes)
  for (const read of reads) decoder.push(read)
  return { seen, hasRest: decoder.hasRest }
}

/** Bytes in reads that end at the given places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}

/** A good message with some bytes changed and its checksums made right again where asked. */
function tampered(change: (bytes: Buffer) => void): Buffer {
  const bytes = encode({ ':message-type': text('event') }, '{"a":1}')
  change(bytes)
  return bytes
}

const headerName = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => Buffer.byteLength(name) < 128)
const headerValue: fc.Arbitrary<HeaderValue> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(text),
  fc.boolean().map((value) => ({ type: 'boolean', value }) as const),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'byte', value }) as const),
  fc.integer({ min: -32768, max: 32767 }).map((value) => ({ type: 'short', value }) as const),
  fc.integer().map((value) => ({ type: 'integer', value }) as const),
  fc.uint8Array({ maxLength: 40 }).map((value) => ({ type: 'binary', value }) as const),
  fc.date({ noInvalidDate: true, min: new Date(0) }).map((value) => ({ type: 'timestamp', value }) as const),
  fc.uuid().map((value) => ({ type: 'uuid', value }) as const),
)
const message = fc.record({
  headers: fc.dictionary(headerName, headerValue, { maxKeys: 6, noNullPrototype: true }),
  payload: fc.string({ unit: 'grapheme', maxLength: 700 }),
})

function textHeaders(headers: Readonly<Record<string, HeaderValue>>): Record<string, string> {
  const texts = Object.entries(headers).flatMap(([name, { type, value }]) => (type === 'string' ? [[name, value]] : []))
  return Object.fromEntries(texts) as Record<string, string>
}

describe('EventStreamDecoder', () => {
  it('reads what the official codec writes, in any cut', () => {
    const messages = fc.array(message, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 8 }), (sent, places) => {
        const bytes = Buffer.concat(sent.map(({ headers, payload }) => encode(headers, payload)))
        const expected = sent.map(({ headers, payload }) => ({ headers: textHeaders(headers), payload }))
        expect(decode(cutAt(bytes, places))).toEqual({ seen: expected, hasRest: false })
      }),
    )
  })

  it('reads the same cut in two at every byte, and byte by byte', () => {
    const bytes = Buffer.concat([
      encode({ ':event-type': text('contentBlockDelta') }, '{"delta":{"text":"naïve 😀"}}'),
      encode({}, ''),
      encode({ ':message-type': text('event') }, 'x'.repeat(600)),
    ])
    const whole = decode([bytes])
    expect(whole.seen).toHaveLength(3)
    for (let cut = 1; cut < bytes.length; cut++) expect(decode(cutAt(bytes, [cut]))).toEqual(whole)
    expect(decode(Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)))).toEqual(whole)
  })

  it('reads the empty message and the documented example', () => {
    const empty = Buffer.from('000000100000000005c248eb7d98c8ff', 'hex')
    expect(decode([empty]).seen).toEqual([{ headers: {}, payload: '' }])
    const delta =
      '0000009d00000057b9bbf89f0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d2c2270223a226162227d8b38b268'
    expect(decode([Buffer.from(delta, 'hex')]).seen).toEqual([
      {
        headers: {
          ':event-type': 'contentBlockDelta',
          ':content-type': 'application/json',
          ':message-type': 'event',
        },
        payload: '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"ab"}',
      },
    ])
  })

  it('notices every single flipped bit, and hands over nothing of the message', () => {
    const good = encode({ ':event-type': text('contentBlockDelta') }, '{"delta":{"text":"Hello"}}')
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bytes = Buffer.from(good)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => decode([bytes])).toThrow(EventStreamError)
    }
  })

  it('refuses what the official codec refuses', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(255), (place, value) => {
        const bytes = tampered((target) => {
          target[place % target.length] = value
        })
        let isRefused = false
        try {
          codec.decode(bytes)
        } catch {
          isRefused = true
        }
        const read = () => decode([bytes])
        if (isRefused) expect(read).toThrow(EventStreamError)
        else expect(read().seen).toHaveLength(1)
      }),
    )
  })

  it('names what is wrong', () => {
    const prelude = tampered((bytes) => bytes.writeUInt32BE(0xffffffff, 0))
    expect(() => decode([prelude])).toThrow('a message whose prelude has a wrong checksum')
    const payload = tampered((bytes) => bytes.writeUInt8(0, bytes.length - 6))
    expect(() => decode([payload])).toThrow('a message with a wrong checksum')
  })

  it('refuses a length beyond the limit before anything of the message is kept', () => {
    const bytes = encode({}, 'x'.repeat(1000))
    expect(() => decode([bytes.subarray(0, 12)], 500)).toThrow('a message of 1016 bytes, longer than the 500 allowed')
  })

  it('refuses a message that is shorter than its own headers', () => {
    const prelude = Buffer.from('0000001000000001', 'hex')
    const bytes = Buffer.concat([prelude, checksum(prelude), Buffer.from('00000000', 'hex')])
    expect(() => decode([bytes])).toThrow('a message shorter than its headers')
  })

  it('refuses headers that leave their place', () => {
    const broken = encode({ name: text('value') }, '')
    broken[12 + 1 + 'name'.length + 2] = 0xff
    const body = broken.subarray(0, -4)
    expect(() => decode([Buffer.concat([body, checksum(body)])])).toThrow('a message whose headers are malformed')
  })

  it('keeps no more of an incomplete message than has come', () => {
    const bytes = encode({}, 'x'.repeat(1_000_000))
    const decoder = new EventStreamDecoder(() => true)
    decoder.push(bytes.subarray(0, 20))
    const before = process.memoryUsage().arrayBuffers
    for (let at = 20; at < 2_000; at++) decoder.push(bytes.subarray(at, at + 1))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500_000)
    expect(decoder.hasRest).toBe(true)
  })

  it('stops where the listener says so, whatever follows', () => {
    const bytes = encode({}, 'one')
    const seen: string[] = []
    const decoder = new EventStreamDecoder((message) => {
      seen.push(message.payload)
      return false
    })
    decoder.push(Buffer.concat([bytes, Buffer.from('no message at all')]))
    decoder.push(Buffer.from('more that is none'))
    expect(seen).toEqual(['one'])
    expect(decoder.hasRest).toBe(false)
  })

  it('never fails in another way, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 4 }), (values, places) => {
        try {
          decode(cutAt(Buffer.from(values), places))
        } catch (error) {
          expect(error).toBeInstanceOf(EventStreamError)
        }
      }),
    )
  })
})

/** The checksum of some bytes, as bytes. */
function checksum(bytes: Buffer): Buffer {
  const checksumBytes = Buffer.alloc(4)
  checksumBytes.writeUInt32BE(crc32(bytes))
  return checksumBytes
}
