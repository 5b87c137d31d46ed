import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DuoModelError } from '@duo-models/adapters'
import { adapterConformanceCases, runAdapterConformance } from '@duo-models/adapters/testing'
import { createDuoModelClient } from '@duo-models/core'
import { startEmulator } from '@duo-models/emulator'
import { expect, it } from 'vitest'
import { engine } from './catalog.js'
import { llamaCppAdapter } from './llama-cpp-adapter.js'

it.each(adapterConformanceCases.map((each) => [each.id, each] as const))(
  'conformance: %s',
  { timeout: 60_000 },
  async (_id, each) => {
    const { results } = await runAdapterConformance({ adapter: llamaCppAdapter, cases: [each] })
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  },
)

it('serves a model of its own through the client, chat and code', async () => {
  await using server = await startEmulator({ platform: 'vllm', servedModelName: 'tiny', speed: 0 })
  await using client = createDuoModelClient(
    {
      deployments: {
        tiny: { platform: 'llama-cpp', model: 'tiny-coder-1b', endpoint: server.baseUrl, servedModelName: 'tiny' },
      },
      features: { 'duo-chat': 'tiny', 'code-completion': 'tiny' },
    },
    { adapters: [llamaCppAdapter], compatibility: 'off' },
  )
  const chat = await client.generate({ feature: 'duo-chat', messages: [{ role: 'user', content: 'Hello' }] })
  expect(chat).toMatchObject({ platform: 'llama-cpp', finishReason: { unified: expect.any(String) } })
  expect(chat.text).not.toBe('')
  expect(chat.usage.totalTokens).toBeGreaterThan(0)
  const code = await client.generate({ feature: 'code-completion', prefix: 'const one = ', suffix: ';' })
  expect(code.text).not.toBe('')
})

it('has a catalog entry that the rules engine judges by', () => {
  const verdict = engine.compatibility({ model: 'tiny-coder-1b', feature: 'code-completion', platform: 'llama-cpp' })
  expect(verdict.level).toBe('full')
  const deployment = { platform: 'llama-cpp', model: 'tiny-coder-1b', endpoint: 'http://gpu-1:8080/v1' }
  expect(engine.checkConfig(deployment).findings.filter(({ severity }) => severity === 'error')).toEqual([])
})

it.each([
  [503, { code: 503, message: 'Loading model', type: 'unavailable_error' }, 'model-not-ready', '/health'],
  [400, { code: 400, message: 'too long', type: 'exceed_context_size_error' }, 'context-length', '--ctx-size'],
  [401, { code: 401, message: 'Invalid API Key', type: 'authentication_error' }, 'authentication', "'apiKey'"],
])('%i of llama-server is a typed error with a remedy', async (status, error, code, remedy) => {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}/v1`
  const target = { deployment: 'd', model: 'tiny-coder-1b', servedModelName: 'tiny', endpoint, settings: {} }
  const connection = await llamaCppAdapter.connect(target, { connectTimeoutMs: 5_000, maxConnections: 1 })
  const { signal } = new AbortController()
  const thrown = await connection
    .generate({ kind: 'chat', messages: [{ role: 'user', content: 'Hi' }] }, { signal, requestId: 'r' })
    .catch((reason: unknown) => reason)
  expect(DuoModelError.is(thrown) && thrown).toMatchObject({ code, status, message: expect.stringContaining(remedy) })
  await connection.close()
  server.close()
})
