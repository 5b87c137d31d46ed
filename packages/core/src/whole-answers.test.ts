import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from './client-options.js'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { DuoModelClient } from './duo-model-client.js'
import type { ModelRequest } from './model-request.js'
import type { ModelResponse } from './model-response.js'
import { deploymentAt, emulatedClient, failureOf, question } from './testing/emulated-client.js'

type Respond = (response: ServerResponse, number: number) => void

const wholeBody = JSON.stringify({
  id: 'chatcmpl-1',
  model: 'mistral-small',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 },
})
const events = [
  { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] },
  { choices: [{ index: 0, delta: { content: 'Hel' } }] },
  { choices: [{ index: 0, delta: { content: 'lo.' } }] },
  { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
  { choices: [], usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } },
].map((chunk) => `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'mistral-small', ...chunk })}\n\n`)

const sendWhole = (response: ServerResponse) =>
  setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end(wholeBody), 20)
const sendStream = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(events.slice(0, 2).join(''))
  setTimeout(() => response.end(`${events.slice(2).join('')}data: [DONE]\n\n`), 20)
}

/** A server that answers streams in its own way and counts both kinds, and a client of it. */
async function serve(respond: Respond, options: ClientOptions = {}) {
  const asked = { streams: 0, wholes: 0, underWay: 0 }
  const server = createServer(async (incoming, response) => {
    let text = ''
    for await (const piece of incoming) text += piece
    if (incoming.method !== 'POST') {
      response.writeHead(404).end()
      return
    }
    asked.underWay += 1
    response.on('close', () => (asked.underWay -= 1))
    if ((JSON.parse(text) as { stream?: boolean }).stream === true) respond(response, ++asked.streams)
    else {
      asked.wholes += 1
      sendWhole(response)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const client = createDuoModelClient(deploymentAt(`http://127.0.0.1:${port}/v1`), { healthChecks: false, ...options })
  const close = async (): Promise<void> => {
    await client.close()
    server.closeAllConnections()
    server.close()
  }
  return { client, asked, [Symbol.asyncDispose]: close }
}

const askAtOnce = (client: DuoModelClient, count: number, request: ModelRequest = question(1)) =>
  Promise.all(Array.from({ length: count }, () => client.generate(request)))

const answerOf = ({ id, text, toolCalls, finishReason, usage, attempts, servedModelName }: ModelResponse) => {
  return { id, text, toolCalls, finishReason, usage, attempts, servedModelName }
}

describe('whole answers of a vLLM that has more to do than it may', () => {
  it('are fetched as streams in part, and nobody can tell by the answer', async () => {
    await using served = await serve(sendStream)
    const responses = await askAtOnce(served.client, 60)
    expect(served.asked.streams).toBeGreaterThan(10)
    expect(served.asked.streams + served.asked.wholes).toBe(60)
    expect(new Set(responses.map((response) => JSON.stringify(answerOf(response)))).size).toBe(1)
    const [response] = responses
    expect(response).toMatchObject({ text: 'Hello.', usage: { inputTokens: 4, outputTokens: 2 } })
    const timed = responses.filter(({ timing }) => timing.timeToFirstTokenMs !== undefined)
    expect(timed).toHaveLength(served.asked.streams)
    for (const { timing } of responses) expect(timing.endToEndLatencyMs).toBeGreaterThan(0)
  })

  it('are the same from an emulated vLLM, code completion included', async () => {
    await using emulated = await emulatedClient()
    const request: ModelRequest = {
      feature: 'code-completion',
      prefix: 'def add(a, b):\n',
      suffix: '\nprint(add(1, 2))\n',
      language: 'python',
      temperature: 0,
      seed: 7,
      maxOutputTokens: 24,
    }
    const own = { ...request, feature: 'code-generation', instruction: 'Add two numbers.' } as const
    for (const asked of [request, own] as const) {
      const { text, finishReason } = await emulated.client.generate(asked)
      for (const response of await askAtOnce(emulated.client, 40, asked)) {
        expect(response.text).toBe(text)
        expect(response.finishReason).toEqual(finishReason)
      }
    }
  })

  it.each<[string, number, ModelRequest, ClientOptions]>([
    ['hardly any are under way', 4, question(1), {}],
    ['the number is fixed', 40, question(1), { concurrency: 8 }],
    ['prompts share requests', 40, question(1), { microBatch: {} }],
    ['the platform is asked for something of its own', 40, { ...question(1), platformOptions: { top_k: 5 } }, {}],
    [
      'there are tools',
      40,
      { ...question(1), tools: [{ name: 'look', parameters: { type: 'object' } }] } as ModelRequest,
      {},
    ],
  ])('are fetched whole where %s', async (_when, count, request, options) => {
    await using served = await serve(sendStream, options)
    await askAtOnce(served.client, count, request)
    expect(served.asked).toMatchObject({ streams: 0, wholes: count })
  })

  it('may be asked for again when they break off, as nothing of them was passed on', async () => {
    await using served = await serve((response, number) => {
      if (number > 1) sendStream(response)
      else {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(events.slice(0, 2).join(''))
        setTimeout(() => response.destroy(), 20)
      }
    })
    const responses = await askAtOnce(served.client, 40)
    expect(responses.map(({ text }) => text)).toEqual(Array(40).fill('Hello.'))
    expect(responses.filter(({ attempts }) => attempts === 2)).toHaveLength(1)
  })

  it.each<[string, Respond]>([
    ['a whole answer that does not say its type', (response) => response.end(wholeBody)],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')],
    [
      'a refusal to stream',
      (response) => response.writeHead(400).end('{"error":{"message":"Streaming is not supported."}}'),
    ],
  ])('are fetched whole by a call that got %s for its stream, and so are all later ones', async (_what, respond) => {
    await using served = await serve(respond)
    const responses = await askAtOnce(served.client, 40)
    expect(responses.map(({ text, attempts }) => [text, attempts])).toEqual(Array(40).fill(['Hello.', 1]))
    const { streams } = served.asked
    expect(streams).toBeGreaterThan(0)
    await askAtOnce(served.client, 40)
    expect(served.asked.streams).toBe(streams)
  })

  it('are given up where they have no end, and kept within bounds', async () => {
    const piece = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'x'.repeat(1024 * 1024) } }] })}\n\n`
    await using served = await serve((response, number) => {
      if (number > 1) {
        sendStream(response)
        return
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const write = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', write)
      write()
    })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => served.client.generate(question(1))))
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(failures).toHaveLength(1)
    expect(failures[0]).toMatchObject({ code: 'protocol', message: expect.stringContaining('maxOutputTokens') })
    await expect.poll(() => served.asked.underWay, { timeout: 10_000 }).toBe(0)
  })

  it('end with an abort, and the socket closes', async () => {
    await using served = await serve((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(events.slice(0, 2).join(''))
    })
    const controller = new AbortController()
    const failures = Array.from({ length: 20 }, (_, number) =>
      failureOf(served.client.generate(question(number), { signal: controller.signal })).catch(() => undefined),
    )
    await expect.poll(() => served.asked.streams, { timeout: 10_000 }).toBeGreaterThan(5)
    controller.abort()
    const codes = (await Promise.all(failures)).flatMap((failure) => failure?.code ?? [])
    expect(codes.length).toBeGreaterThan(5)
    expect(new Set(codes)).toEqual(new Set(['aborted']))
    await expect.poll(() => served.asked.underWay, { timeout: 10_000 }).toBe(0)
  })
})
