import { EventStreamCodec } from '@smithy/eventstream-codec'

/** One frame, as the AWS SDK's own codec reads it. */
export interface DecodedFrame {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text),
)

/** Reads one frame with the AWS SDK's codec; throws for one that is damaged. */
export function decodeFrame(frame: Uint8Array): DecodedFrame {
  const { headers, body } = codec.decode(frame)
  const texts = Object.entries(headers).map(([name, { value }]) => [name, String(value)] as const)
  return { headers: Object.fromEntries(texts), payload: Buffer.from(body).toString('utf8') }
}

/** Cuts a body into its frames by their lengths; a beginning of a frame at the end is the last entry. */
export function splitFrames(body: Buffer): readonly Buffer[] {
  const frames: Buffer[] = []
  for (let start = 0; start < body.length; ) {
    const length = body.length - start < 4 ? body.length : body.readUInt32BE(start)
    frames.push(body.subarray(start, start + length))
    start += length
  }
  return frames
}

/** The events of a stream: type and payload without its padding. */
export function eventsOfFrames(body: Buffer): readonly { readonly type: string; readonly payload: unknown }[] {
  return splitFrames(body).map((frame) => {
    const { headers, payload } = decodeFrame(frame)
    const { p: _, ...rest } = JSON.parse(payload === '' ? '{}' : payload) as Record<string, unknown>
    return { type: headers[':event-type'] ?? headers[':exception-type'] ?? headers[':error-code'] ?? '', payload: rest }
  })
}
