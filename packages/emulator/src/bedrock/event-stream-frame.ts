import { crc32 } from 'node:zlib'
import type { CorruptFrameFault } from '../faults/fault.js'

/** A header of a frame. All headers Bedrock sends are strings. */
export type FrameHeader = readonly [name: string, value: string]

/** Total length, length of the headers and the checksum of both. */
const preludeLength = 12
const checksumLength = 4
/** The type number of a string header in `application/vnd.amazon.eventstream`. */
const stringType = 7

/**
 * Encodes one frame of `application/vnd.amazon.eventstream`, all numbers big-endian: total length and headers' length (4
 * bytes each), CRC-32 of these, headers, payload, CRC-32 of everything before it. Names of up to 255 and values of up to
 * 65,535 bytes can be encoded.
 */
export function encodeFrame(headers: readonly FrameHeader[], payload: string | Uint8Array): Buffer {
  const headerBytes = Buffer.concat(headers.map(encodeHeader))
  const body = Buffer.from(payload)
  const frame = Buffer.alloc(preludeLength + headerBytes.length + body.length + checksumLength)
  frame.writeUInt32BE(frame.length, 0)
  frame.writeUInt32BE(headerBytes.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  headerBytes.copy(frame, preludeLength)
  body.copy(frame, preludeLength + headerBytes.length)
  frame.writeUInt32BE(crc32(frame.subarray(0, -checksumLength)), frame.length - checksumLength)
  return frame
}

function encodeHeader([name, value]: FrameHeader): Buffer {
  const nameBytes = Buffer.from(name)
  const valueBytes = Buffer.from(value)
  const valueLength = Buffer.alloc(2)
  valueLength.writeUInt16BE(valueBytes.length)
  return Buffer.concat([Buffer.of(nameBytes.length), nameBytes, Buffer.of(stringType), valueLength, valueBytes])
}

/** The same frame with one bit flipped and the checksums left as they were. A part the frame does not have falls to the next. */
export function corruptFrame(frame: Buffer, part: NonNullable<CorruptFrameFault['part']>): Buffer {
  const corrupted = Buffer.from(frame)
  const position = positionOf(part, frame)
  corrupted.writeUInt8(corrupted.readUInt8(position) ^ 1, position)
  return corrupted
}

function positionOf(part: NonNullable<CorruptFrameFault['part']>, frame: Buffer): number {
  const payloadStart = preludeLength + frame.readUInt32BE(4)
  switch (part) {
    case 'length':
      return 3
    case 'prelude-checksum':
      return preludeLength - 1
    case 'headers':
      // Past the first header's name length: a wrong length would be a different fault.
      return Math.min(preludeLength + 2, payloadStart)
    case 'payload':
      return payloadStart
    case 'message-checksum':
      return frame.length - 1
  }
}
