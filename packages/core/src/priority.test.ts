import { startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from './create-duo-model-client.js'
import { emulatedClient, failureOf, question } from './testing/emulated-client.js'

const served = { platform: 'vllm', servedModelName: 'mistral-small', speed: 0 } as const

async function prioritiesSent(serveArgs: string | undefined): Promise<readonly unknown[]> {
  const server = await startEmulator({ ...served, schedulingPolicy: 'priority' })
  await using client = createDuoModelClient({
    platform: 'vllm',
    model: 'mistral-small-24b-instruct-2506',
    endpoint: server.baseUrl,
    servedModelName: served.servedModelName,
    ...(serveArgs !== undefined && { server: { serveArgs } }),
  })
  await client.generate(question(1), { priority: 'background' })
  await client.stream(question(2), { priority: 'background' }).text()
  await client.generate(question(3), { priority: 'interactive' })
  await client.generate(question(4))
  for await (const result of client.batch([question(5)])) expect(result.ok).toBe(true)
  const bodies = server.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)
  await server.close()
  return bodies.map((body) => JSON.parse(body).priority)
}

describe('priorities', () => {
  it('are told to a vLLM server that schedules by them: background after the others', async () => {
    expect(await prioritiesSent('vllm serve m --scheduling-policy priority')).toEqual([1, 1, undefined, undefined, 1])
    expect(await prioritiesSent('vllm serve m --scheduling-policy=priority --seed 1')).toEqual([
      1,
      1,
      undefined,
      undefined,
      1,
    ])
  })

  it('are kept from any other server, which would refuse them', async () => {
    expect(await prioritiesSent(undefined)).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(await prioritiesSent('vllm serve m --scheduling-policy fcfs')).toContain(undefined)
  })

  it('let an interactive request overtake those that wait', async () => {
    const slow = { kind: 'slow-first-token', delayMs: 150 } as const
    await using emulated = await emulatedClient([{ faults: [slow] }], { concurrency: 1 })
    const { client, servers } = emulated
    const background = [1, 2, 3].map((number) => client.generate(question(number), { priority: 'background' }))
    await expect.poll(() => servers[0]?.requests.length).toBe(1)
    await Promise.all([...background, client.generate(question(4), { priority: 'interactive' })])
    const asked = servers[0]?.requests.map(({ body }) => body.match(/Question (\d)/)?.[1])
    expect(asked).toEqual(['1', '4', '2', '3'])
  })

  it('are refused where nobody knows them', async () => {
    await using emulated = await emulatedClient()
    const wrong = { priority: 'urgent' } as never
    expect((await failureOf(emulated.client.generate(question(1), wrong))).message).toMatch(
      /call option 'priority' must be one of 'interactive', 'background'; it is 'urgent'/,
    )
    expect((await failureOf(emulated.client.stream(question(1), wrong).text())).code).toBe('configuration')
    expect(() => emulated.client.batch([], wrong)).toThrow(/batch option 'priority' must be one of/)
    expect(emulated.servers[0]?.requests).toHaveLength(0)
  })
})
