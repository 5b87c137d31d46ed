import { Agent } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { rawRequest, until } from '../test/raw-request.js'
import type { EmulatorOptions } from './emulator-options.js'
import { type Emulator, startEmulator } from './start-emulator.js'
import type { VllmEmulatorOptions } from './vllm/vllm-emulator-options.js'

let emulator: Emulator | undefined
afterEach(() => emulator?.close())

async function start(options: Omit<VllmEmulatorOptions, 'platform'> = {}): Promise<Emulator> {
  emulator = await startEmulator({ platform: 'vllm', speed: 0, ...options })
  return emulator
}

const chat = { model: 'mistralai/Mistral-7B-Instruct-v0.3', messages: [{ role: 'user', content: 'Hello there' }] }

test('a platform without an emulator is named together with those that have one', async () => {
  const options = { platform: 'sagemaker' } as unknown as EmulatorOptions
  await expect(startEmulator(options)).rejects.toMatchObject({
    code: 'unsupported-platform',
    message: expect.stringMatching(/"sagemaker".*vllm, bedrock, azure-openai/),
  })
})

test.each([
  [{ host: '0.0.0.0' }, 'not-loopback', /0\.0\.0\.0/],
  [{ version: 'latest' }, 'invalid-option', /latest/],
  [{ speed: -1 }, 'invalid-option', /speed/],
  [{ speed: Number.NaN }, 'invalid-option', /speed/],
  [{ maxModelLength: 0 }, 'invalid-option', /maxModelLength/],
  [{ servedModelName: [] }, 'invalid-option', /servedModelName/],
  [{ apiKey: '' }, 'invalid-option', /apiKey/],
  [{ port: 65_536 }, 'invalid-option', /port/],
  [{ keepAliveTimeoutMs: 0 }, 'invalid-option', /keepAliveTimeoutMs/],
] as const)('%o is refused', async (options, code, message) => {
  await expect(startEmulator({ platform: 'vllm', ...options })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  })
})

test.each<[EmulatorOptions['platform'], Record<string, unknown>, RegExp]>([
  [
    'vllm',
    { region: 'eu-west-1' },
    /"region" is no option of platform "vllm".*one of platform "bedrock"\. Options here: .*servedModelName/,
  ],
  ['bedrock', { servedModelName: 'x' }, /"servedModelName" is no option of platform "bedrock".*platform "vllm"/],
  ['bedrock', { deployments: {} }, /platform "azure-openai"/],
  ['azure-openai', { maxModelLength: 5 }, /"maxModelLength" is no option of platform "azure-openai".*"vllm"/],
  ['vllm', { modle: 'x' }, /"modle" is no option of platform "vllm"\. Options here/],
  ['vllm', JSON.parse('{"__proto__": 1}'), /"__proto__" is no option/],
  ['bedrock', { region: 'Europe' }, /region must be.*"Europe"/],
  ['bedrock', { credentials: [] }, /credentials must be at least one/],
  ['bedrock', { credentials: { accessKeyId: '', secretAccessKey: 'hidden' } }, /credentials\[0\]\.accessKeyId/],
  ['bedrock', { credentials: { accessKeyId: 'a', secretAccessKey: '' } }, /credentials\[0\]/],
  ['bedrock', { models: [{ id: '' }] }, /models\[0\]\.id/],
  ['bedrock', { model: '' }, /^model must be a model id/],
  ['bedrock', { models: [{ id: 'a', access: 'maybe' }] }, /models\[0\]\.access.*"maybe"/],
  ['bedrock', { models: [{ id: 'a', contextWindow: 0 }] }, /models\[0\]\.contextWindow/],
  ['bedrock', { guardrails: { g: { blockedWords: [''] } } }, /guardrails\["g"\]\.blockedWords/],
  ['bedrock', { clockOffsetMs: Number.NaN }, /clockOffsetMs.*NaN/],
  ['bedrock', { speed: -1 }, /speed/],
  ['azure-openai', { deployments: {} }, /deployments must be/],
  ['azure-openai', { deployments: { a: { model: '' } } }, /deployments\["a"\]\.model/],
  [
    'azure-openai',
    { deployments: { a: { model: 'gpt-4o', tokensPerMinute: 0 } } },
    /deployments\["a"\]\.tokensPerMinute/,
  ],
  ['azure-openai', { apiVersions: ['latest'] }, /apiVersions.*"latest"/],
  ['azure-openai', { entraToken: '' }, /entraToken/],
  ['azure-openai', { entraToken: { token: 'hidden', state: 'lost' } }, /entraToken\.state.*"lost"/],
  ['azure-openai', { contentFilter: 'strict' }, /contentFilter must be one of default, asynchronous/],
  ['azure-openai', { filteredWords: { rude: ['x'] } }, /filteredWords\["rude"\]/],
  ['azure-openai', { filteredWords: { hate: [''] } }, /filteredWords\.hate/],
  ['azure-openai', { innerErrorSpelling: 'both' }, /innerErrorSpelling/],
])('on %s, %j is refused by its name and without secrets', async (platform, options, message) => {
  const started = startEmulator({ platform, ...options } as EmulatorOptions)
  await expect(started).rejects.toMatchObject({ code: 'invalid-option', message: expect.stringMatching(message) })
  await expect(started).rejects.not.toThrow(/hidden/)
})

test('options that are undefined are as good as left out, on every platform', async () => {
  for (const platform of ['vllm', 'bedrock', 'azure-openai'] as const) {
    await using started = await startEmulator({ platform, region: undefined, version: undefined } as EmulatorOptions)
    expect(started.baseUrl).toBe(platform === 'vllm' ? `${started.url}/v1` : started.url)
  }
})

test('a port that is taken is reported', async () => {
  const { url } = await start()
  const port = Number(new URL(url).port)
  await expect(startEmulator({ platform: 'vllm', port })).rejects.toMatchObject({ code: 'address-unavailable' })
})

test('requests are recorded as they were received', async () => {
  const { url, requests } = await start()
  await rawRequest(`${url}/v1/chat/completions?a=%3A`, { body: chat, headers: { 'X-Trace': 'abc' } })
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({
    index: 0,
    method: 'POST',
    path: '/v1/chat/completions?a=%3A',
    body: JSON.stringify(chat),
    json: chat,
    status: 200,
    finished: true,
    closedByClient: false,
    fault: undefined,
  })
  expect(requests[0]?.headers['x-trace']).toBe('abc')
  expect(requests[0]?.bytesWritten).toBeGreaterThan(100)
})

test('headers are the ones uvicorn sends, in its spelling', async () => {
  const { url } = await start()
  const agent = new Agent({ keepAlive: true })
  const { rawHeaders } = await rawRequest(`${url}/version`, { agent })
  agent.destroy()
  expect(rawHeaders.filter((_, index) => index % 2 === 0)).toEqual(['date', 'server', 'content-type', 'content-length'])
  expect(rawHeaders).toContain('uvicorn')
})

test('a client that leaves aborts the generation and is recorded', async () => {
  const { url, requests, metrics } = await start({ speed: 1 })
  const body = { ...chat, stream: true, max_tokens: 5_000, ignore_eos: true }
  const response = await rawRequest(`${url}/v1/chat/completions`, {
    body,
    onRead: (text, abort) => text.includes('"content":"') && abort(),
  })
  expect(response.complete).toBe(false)
  await until(() => requests[0]?.closedByClient === true)
  expect(requests[0]?.finished).toBe(false)
  expect(requests[0]?.endedAt).toBeGreaterThanOrEqual(requests[0]?.startedAt ?? Number.POSITIVE_INFINITY)
  await until(() => metrics().includes('finished_reason="abort"} 1.0'))
  expect(metrics()).toMatch(/num_requests_running\{[^}]*\} 0\.0/)
})

test('a client that leaves before a whole answer aborts it too', async () => {
  const { url, requests, metrics } = await start({ speed: 0.001 })
  const aborted = new AbortController()
  const answer = fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chat),
    signal: aborted.signal,
  })
  await until(() => /num_requests_(running|waiting)\{[^}]*\} 1\.0/.test(metrics()))
  aborted.abort()
  await expect(answer).rejects.toThrow()
  await until(() => requests[0]?.closedByClient === true)
})

test('a reader that does not read stops the writer', async () => {
  const { url, requests } = await start({ maxModelLength: 400_000 })
  const body = JSON.stringify({ ...chat, stream: true, max_tokens: 300_000, ignore_eos: true })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.pause()
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  let before = -1
  await until(() => (requests[0]?.eventsWritten ?? 0) > 0)
  while (before !== requests[0]?.eventsWritten) {
    before = requests[0]?.eventsWritten ?? 0
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  expect(before).toBeLessThan(300_000)
  socket.destroy()
  await until(() => requests[0]?.closedByClient === true)
})

test('close ends open streams, is not taken for the client, and may be repeated', async () => {
  const { url, requests, close } = await start({ speed: 0.001 })
  const answer = rawRequest(`${url}/v1/chat/completions`, { body: { ...chat, stream: true } })
  await until(() => requests[0]?.status === 200)
  await close()
  await close()
  expect((await answer).complete).toBe(false)
  expect(requests[0]?.closedByClient).toBe(false)
  await expect(rawRequest(`${url}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('an emulator can be disposed of by its scope', async () => {
  const started = await startEmulator({ platform: 'vllm', speed: 0 })
  await started[Symbol.asyncDispose]()
  await expect(rawRequest(`${started.url}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('an idle connection is closed after the keep-alive time', async () => {
  const { url } = await start({ keepAliveTimeoutMs: 30 })
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n')
  socket.resume()
  await new Promise((resolve) => socket.once('end', resolve))
  expect(socket.bytesRead).toBeGreaterThan(0)
})

test('bytes that are not HTTP get what uvicorn answers', async () => {
  const { url } = await start()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  socket.write('this is not HTTP\r\n\r\n')
  await new Promise((resolve) => socket.once('close', resolve))
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*Invalid HTTP request received\.$/)
})
