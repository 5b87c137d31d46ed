import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { chunked, responseHead, startByteServer } from '../testing/byte-server.js'
import { connectTo, errorOf, helloRequest, openCall } from '../testing/run-stream.js'
import { vllmAdapter } from './vllm-adapter.js'

const head = responseHead(200, [
  ['content-type', 'text/event-stream'],
  ['transfer-encoding', 'chunked'],
])
const chunk = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta }], ...more })}\n\n`
const running = (completion_tokens: number) => ({
  usage: { prompt_tokens: 7, completion_tokens, total_tokens: 7 + completion_tokens },
})

/** Sends events and falls silent; the caller gives up after the first text. */
async function partialOf(events: readonly string[], end: 'abort' | 'cut') {
  const server = await startByteServer((socket) => {
    socket.write(head)
    socket.write(chunked(events.join('')))
    if (end === 'cut') socket.end()
  })
  const connection = await connectTo(server.origin)
  const controller = new AbortController()
  const read = async () => {
    for await (const batch of connection.stream(helloRequest, openCall(controller.signal)))
      if (batch.some(({ type }) => type === 'text-delta')) controller.abort(new Error('enough'))
  }
  const readToTheEnd = async () => {
    for await (const _batch of connection.stream(helloRequest, openCall()));
  }
  const error = await errorOf(end === 'abort' ? read() : readToTheEnd())
  await connection.close()
  await server.close()
  return error.partial
}

describe('the usage of an answer that was given up', () => {
  it.each(['abort', 'cut'] as const)('is what the server had counted (%s)', async (end) => {
    const partial = await partialOf([chunk({ content: 'a' }, running(1)), chunk({ content: 'bc' }, running(3))], end)
    expect(partial).toMatchObject({ text: 'abc', usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } })
    expect(partial?.usage).not.toHaveProperty('estimated')
  })

  it.each(['abort', 'cut'] as const)(
    'is counted here, and says so, where the server counts nothing (%s)',
    async (end) => {
      const tool = { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '' } }] }
      const partial = await partialOf(
        [chunk({ role: 'assistant', content: '' }), chunk({ reasoning: 'r' }), chunk({ content: 'a' }), chunk(tool)],
        end,
      )
      expect(partial?.usage).toEqual({ outputTokens: 3, estimated: true })
    },
  )

  it.each(['0.6.4.post1', '0.12.0'])('is known from vLLM %s when the reader stops', async (version) => {
    const emulator = await startEmulator({ platform: 'vllm', version, servedModelName: 'served', speed: 0 })
    const connection = await vllmAdapter.connect(
      { deployment: 'code', model: 'm', servedModelName: 'served', endpoint: emulator.baseUrl, settings: {} },
      { connectTimeoutMs: 2_000, maxConnections: 1 },
    )
    const usages = []
    for await (const batch of connection.stream(helloRequest, openCall())) {
      for (const event of batch) if (event.type === 'usage') usages.push(event.usage)
      if (usages.length > 0) break
    }
    expect(usages[0]?.inputTokens).toBeGreaterThan(0)
    await connection.close()
    await emulator.close()
  })
})
