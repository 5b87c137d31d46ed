import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'

const stringType = 7

/**
 * Encodes one message of `application/vnd.amazon.eventstream`, the encoding of Bedrock's streams.
 * @param headers names and values; all are texts
 */
export function encodeEventStreamMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const headerBytes = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)))
  const body = Buffer.from(payload)
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + headerBytes.length + body.length, 0)
  prelude.writeUInt32BE(headerBytes.length, 4)
  const unchecked = Buffer.concat([prelude, checksum(prelude), headerBytes, body])
  return Buffer.concat([unchecked, checksum(unchecked)])
}

/** A message of a ConverseStream as Bedrock sends it. */
export function encodeConverseEvent(type: string, event: object): Buffer {
  const headers = { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }
  return encodeEventStreamMessage(headers, JSON.stringify(event))
}

function encodeHeader(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name)
  const valueBytes = Buffer.from(value)
  const [before, after] = [Buffer.from([nameBytes.length]), Buffer.from([stringType, 0, 0])]
  after.writeUInt16BE(valueBytes.length, 1)
  return Buffer.concat([before, nameBytes, after, valueBytes])
}

function checksum(bytes: Buffer): Buffer {
  const encoded = Buffer.alloc(4)
  encoded.writeUInt32BE(crc32(bytes))
  return encoded
}
