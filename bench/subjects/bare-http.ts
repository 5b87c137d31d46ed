import { Agent, type IncomingMessage, request } from 'node:http'
import { requestBody, type StreamResult, type Subject } from './subject.js'

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
}

/** The floor: node:http with `data` listeners, string splitting and `JSON.parse`; no promise for any event. */
export async function openBareHttp(endpoint: string): Promise<Subject> {
  const agent = new Agent({ keepAlive: true, maxSockets: 20_000 })
  const send = (stream: boolean) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(`${endpoint}/chat/completions`, {
        agent,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      outgoing.on('response', resolve)
      outgoing.on('error', reject)
      outgoing.end(requestBody(stream))
    })
  return {
    stream: async () => readStream(await send(true)),
    generate: async () => {
      const text = await readText(await send(false))
      const answer = JSON.parse(text) as { choices: { message: { content: string } }[] }
      return answer.choices[0]?.message.content ?? ''
    },
    hold: async () => {
      const response = await send(true)
      response.on('error', () => undefined)
      await new Promise<void>((resolve) => response.on('data', () => resolve()))
      return { close: () => void response.destroy() }
    },
    close: async () => agent.destroy(),
  }
}

function readStream(response: IncomingMessage): Promise<StreamResult> {
  let rest = ''
  let characters = 0
  let reads = 0
  response.setEncoding('utf8')
  response.on('data', (text: string) => {
    reads += 1
    const lines = (rest + text).split('\n\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const data = line.slice(6)
      if (data === '[DONE]') continue
      const chunk = JSON.parse(data) as Chunk
      characters += chunk.choices[0]?.delta.content?.length ?? 0
    }
  })
  return new Promise((resolve, reject) => {
    response.on('end', () => resolve({ characters, reads }))
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
