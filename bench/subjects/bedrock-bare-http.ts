import { Agent, type IncomingMessage, request } from 'node:http'
import { BareConverseReader } from '../inputs/read-converse-messages.js'
import { converseBody, conversePath, readConverseAnswer } from './converse-request.js'
import type { StreamResult, Subject } from './subject.js'

/** The floor: node:http with `data` listeners, lengths and `JSON.parse`; no checksum and no promise for any event. */
export async function openBareHttpOnBedrock(endpoint: string): Promise<Subject> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20_000 })
  const send = (stream: boolean) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(`${endpoint}${conversePath(stream)}`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      outgoing.on('response', resolve)
      outgoing.on('error', reject)
      outgoing.end(converseBody)
    })
  return {
    stream: async () => readStream(await send(true)),
    generate: async () => readConverseAnswer(await readText(await send(false))),
    hold: () => Promise.reject(new Error('Streams of Bedrock are not held open here.')),
    close: async () => agent.destroy(),
  }
}

function readStream(response: IncomingMessage): Promise<StreamResult> {
  const reader = new BareConverseReader()
  response.on('data', (bytes: Buffer) => reader.add(bytes))
  return new Promise((resolve, reject) => {
    response.on('end', () => resolve({ characters: reader.characters, reads: reader.reads }))
    response.on('error', reject)
  })
}

function readText(response: IncomingMessage): Promise<string> {
  let all = ''
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    all += text
  })
  return new Promise((resolve, reject) => {
    response.on('end', () => resolve(all))
    response.on('error', reject)
  })
}
