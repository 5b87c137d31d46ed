import { Agent, request } from 'undici'
import { BareConverseReader } from '../inputs/read-converse-messages.js'
import { converseBody, conversePath, readConverseAnswer } from './converse-request.js'
import type { StreamResult, Subject } from './subject.js'

/** The least a client can do on undici: lengths and `JSON.parse`. No checksums, no limits, no errors. */
export async function openBareUndiciOnBedrock(endpoint: string): Promise<Subject> {
  const dispatcher = new Agent({ connections: 20_000, headersTimeout: 0, bodyTimeout: 0 })
  const send = (stream: boolean) =>
    request(`${endpoint}${conversePath(stream)}`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: converseBody,
    })
  return {
    stream: async () => readStream((await send(true)).body),
    generate: async () => readConverseAnswer(await (await send(false)).body.text()),
    hold: () => Promise.reject(new Error('Streams of Bedrock are not held open here.')),
    close: () => dispatcher.destroy(),
  }
}

async function readStream(body: AsyncIterable<Buffer>): Promise<StreamResult> {
  const reader = new BareConverseReader()
  for await (const bytes of body) reader.add(bytes)
  return { characters: reader.characters, reads: reader.reads }
}
