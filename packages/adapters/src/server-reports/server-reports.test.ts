import { startEmulator } from '@duo-models/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import type { AdapterCall, AdapterConnection } from '../adapter.js'
import type { ServerReport } from '../server-report.js'
import { eventStream, jsonAnswer, startByteServer } from '../testing/byte-server.js'
import { connectAzureOpenAI } from '../testing/connect-azure-openai.js'
import { connectTo, errorOf, helloRequest, openCall, runStream } from '../testing/run-stream.js'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

function closing<Resource extends { close(): Promise<void> }>(resource: Resource): Resource {
  open.push(resource)
  return resource
}

/** A call that keeps what it is told. */
function listening(): AdapterCall & { readonly reports: readonly ServerReport[] } {
  const reports: ServerReport[] = []
  return { ...openCall(), reports, onServerReport: (report) => void reports.push(report) }
}

async function reportsOf(send: (call: AdapterCall) => Promise<unknown>): Promise<readonly ServerReport[]> {
  const call = listening()
  await send(call)
  return call.reports
}

const whole = (connection: AdapterConnection) =>
  reportsOf((call) => connection.generate({ ...helloRequest, maxOutputTokens: 5 }, call))
const streamed = (connection: AdapterConnection) =>
  reportsOf(async (call) => {
    const { error } = await runStream(connection, call, { ...helloRequest, maxOutputTokens: 5 })
    expect(error).toBeUndefined()
  })

describe.each(['2024-10-21', null])('Azure OpenAI with api-version %s', (apiVersion) => {
  it('tells limits and what is left of them, with answers, streams and refusals', async () => {
    const deployments = { chat: { model: 'gpt-4o', requestsPerMinute: 12, tokensPerMinute: 1_000 } }
    const emulator = closing(await startEmulator({ platform: 'azure-openai', speed: 0, apiKey: 'key', deployments }))
    const options = { apiKey: 'key', deployment: 'chat', apiVersion }
    const connection = closing(await connectAzureOpenAI(emulator.url, options))
    const limits = (reports: readonly ServerReport[]) => {
      expect(reports).toHaveLength(1)
      return reports[0]?.rateLimit
    }
    expect(limits(await whole(connection))).toMatchObject({
      requests: { limit: 12, remaining: 11, resetMs: 10_000 },
      tokens: { limit: 1_000, resetMs: 60_000 },
    })
    expect(limits(await streamed(connection))).toMatchObject({ requests: { limit: 12, remaining: 10 } })
    const refused = await reportsOf(async (call) => {
      const error = await errorOf(connection.generate(helloRequest, call))
      expect(error.code).toBe('rate-limit')
    })
    expect(limits(refused)).toMatchObject({ requests: { limit: 12, remaining: 10 } })
  })
})

describe('vLLM', () => {
  it.each(['0.11.0', '0.12.0'])('of version %s is asked for its load, four times a second at most', async (version) => {
    const emulator = closing(
      await startEmulator({ platform: 'vllm', version, servedModelName: 'served', apiKey: 'key', speed: 0 }),
    )
    const connection = closing(await connectTo(emulator.url, { apiKey: 'key' }))
    const load = { waitingRequests: 0, kvCacheUsage: expect.any(Number) }
    const known = version === '0.12.0' ? [{ load }] : []
    expect(await whole(connection)).toEqual(known)
    expect(await streamed(connection)).toEqual(known)
    for (let time = 0; time < 3; time += 1) await connection.generate(helloRequest, openCall())
    const asked = emulator.requests.filter(({ headers }) => headers['endpoint-load-metrics-format'] === 'TEXT')
    expect(asked).toHaveLength(2)
  })

  it('behind a gateway tells the limits of the gateway', async () => {
    const body = JSON.stringify({ id: '1', choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }] })
    const answer = jsonAnswer(200, body, [
      ['x-ratelimit-limit-requests', '100'],
      ['X-RateLimit-Remaining-Requests', '7'],
      ['x-ratelimit-reset-requests', '1m2s'],
    ])
    const server = closing(await startByteServer((socket) => socket.write(answer)))
    const connection = closing(await connectTo(server.origin))
    const requests = { limit: 100, remaining: 7, resetMs: 62_000 }
    expect(await whole(connection)).toEqual([{ rateLimit: { requests } }])
  })

  it('is not heard where it says nothing, and a listener that fails costs no answer', async () => {
    const chunk = JSON.stringify({ id: '1', choices: [{ index: 0, delta: { content: 'ok' }, finish_reason: 'stop' }] })
    let headers: readonly (readonly [string, string])[] = []
    const body = JSON.stringify({ id: '1', choices: [{ index: 0, message: { content: 'ok' }, finish_reason: 'stop' }] })
    const server = closing(
      await startByteServer((socket, { head }) =>
        socket.write(
          head.includes('text/event-stream')
            ? eventStream(`data: ${chunk}\n\ndata: [DONE]\n\n`)
            : jsonAnswer(200, body, headers),
        ),
      ),
    )
    const connection = closing(await connectTo(server.origin))
    expect(await streamed(connection)).toEqual([])
    expect(await whole(connection)).toEqual([])
    headers = [['x-ratelimit-limit-tokens', '5']]
    const call = {
      ...openCall(),
      onServerReport: () => {
        throw new Error('a mistake')
      },
    }
    expect((await connection.generate(helloRequest, call)).text).toBe('ok')
  })
})
