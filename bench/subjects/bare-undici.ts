import { StringDecoder } from 'node:string_decoder'
import { Agent, request } from 'undici'
import { type HeldStream, requestBody, type StreamResult, type Subject } from './subject.js'

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[]
}

/** The least a client can do on undici: decode, split, `JSON.parse`. No limits, no errors, no completeness. */
export async function openBareUndici(endpoint: string): Promise<Subject> {
  const dispatcher = new Agent({ connections: 20_000, headersTimeout: 0, bodyTimeout: 0 })
  const send = (stream: boolean) =>
    request(`${endpoint}/chat/completions`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: requestBody(stream),
    })
  return {
    stream: async () => readStream((await send(true)).body),
    generate: async () => {
      const { body } = await send(false)
      const answer = (await body.json()) as { choices: { message: { content: string } }[] }
      return answer.choices[0]?.message.content ?? ''
    },
    hold: async () => holdStream((await send(true)).body),
    close: () => dispatcher.destroy(),
  }
}

async function readStream(body: AsyncIterable<Buffer>): Promise<StreamResult> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let characters = 0
  let reads = 0
  for await (const bytes of body) {
    reads += 1
    const lines = (rest + decoder.write(bytes)).split('\n\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const data = line.slice(6)
      if (data === '[DONE]') continue
      const chunk = JSON.parse(data) as Chunk
      characters += chunk.choices[0]?.delta.content?.length ?? 0
    }
  }
  return { characters, reads }
}

async function holdStream(
  body: AsyncIterable<Buffer> & { destroy(): unknown; on(name: 'error', listener: () => void): unknown },
): Promise<HeldStream> {
  const iterator = body[Symbol.asyncIterator]()
  await iterator.next()
  iterator.next().catch(() => undefined)
  body.on('error', () => undefined)
  return { close: () => void body.destroy() }
}
