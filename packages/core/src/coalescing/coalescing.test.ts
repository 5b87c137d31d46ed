import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../model-request.js'
import { emulatedClient, failureOf, question } from '../testing/emulated-client.js'
import { Coalescer } from './coalescer.js'

const same: ModelRequest = { ...question(1), temperature: 0 }
const slow = { kind: 'slow-first-token', delayMs: 200 } as const

describe('coalescing', () => {
  it('sends identical deterministic requests that are under way once, and answers each caller', async () => {
    await using emulated = await emulatedClient([{ faults: [slow] }], { coalesce: true })
    const calls = [same, { ...same }, { ...same }, { ...same, maxOutputTokens: 9 }]
    const [first, second, third, other] = await Promise.all(calls.map((request) => emulated.client.generate(request)))
    expect(emulated.servers[0]?.requests).toHaveLength(2)
    expect(second).toEqual(first)
    expect(third).not.toBe(first)
    expect(other?.usage.outputTokens).not.toBe(first?.usage.outputTokens)
    await emulated.client.generate(same)
    expect(emulated.servers[0]?.requests).toHaveLength(3)
  })

  it('is off by default, can be asked for by a call, and leaves alone what is left to chance', async () => {
    await using emulated = await emulatedClient([{ faults: [slow] }])
    const { client, servers } = emulated
    await Promise.all([client.generate(same), client.generate(same)])
    expect(servers[0]?.requests).toHaveLength(2)
    await Promise.all([client.generate(same, { coalesce: true }), client.generate(same, { coalesce: true })])
    expect(servers[0]?.requests).toHaveLength(3)
    const chance = question(1)
    await Promise.all([client.generate(chance, { coalesce: true }), client.generate(chance, { coalesce: true })])
    expect(servers[0]?.requests).toHaveLength(5)
  })

  it('gives every caller the failure', async () => {
    const refuse = { kind: 'status', status: 401, body: 'no' } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }], { coalesce: true })
    const failures = await Promise.all([same, same].map((request) => failureOf(emulated.client.generate(request))))
    expect(failures.map(({ code }) => code)).toEqual(['authentication', 'authentication'])
    expect(emulated.servers[0]?.requests).toHaveLength(1)
    const wrong = { ...same, temprature: 0 } as unknown as ModelRequest
    expect((await failureOf(emulated.client.generate(wrong))).code).toBe('invalid-request')
  })

  it('lets one caller give up alone; the socket closes with the last one', async () => {
    await using emulated = await emulatedClient([{ faults: [slow] }], { coalesce: true })
    const { client, servers } = emulated
    const controller = new AbortController()
    const leaving = failureOf(client.generate(same, { signal: controller.signal }))
    const staying = client.generate(same)
    await expect.poll(() => servers[0]?.requests.length).toBe(1)
    controller.abort('enough')
    expect((await leaving).cause).toBe('enough')
    expect((await staying).text).not.toBe('')
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)

    const last = new AbortController()
    const alone = failureOf(client.generate(same, { signal: last.signal }))
    await expect.poll(() => servers[0]?.requests.length).toBe(2)
    last.abort()
    expect((await alone).code).toBe('aborted')
    await expect.poll(() => servers[0]?.requests[1]?.closedByClient).toBe(true)
    expect((await failureOf(client.generate(same, { signal: last.signal }))).code).toBe('aborted')
    expect(servers[0]?.requests).toHaveLength(2)
  })

  it('ends with the client', async () => {
    const stall = { kind: 'stall', when: 'before-headers' } as const
    await using emulated = await emulatedClient([{ faults: [stall] }], { coalesce: true })
    const calls = [same, same].map((request) => failureOf(emulated.client.generate(request)))
    await expect.poll(() => emulated.servers[0]?.requests.length).toBe(1)
    await emulated.client.close()
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['aborted', 'aborted'])
  })

  it('refuses an option that is neither true nor false', async () => {
    await expect(emulatedClient([], { coalesce: 'yes' } as never)).rejects.toThrow(/'coalesce' must be true or false/)
  })
})

describe('Coalescer', () => {
  it('runs once per key at a time, whoever comes and leaves, and ends what nobody waits for', async () => {
    const steps = fc.array(fc.record({ key: fc.constantFrom('a', 'b'), leaves: fc.boolean() }), { maxLength: 20 })
    const property = fc.asyncProperty(steps, async (given) => {
      const coalescer = new Coalescer<{ readonly key: string }>()
      const running = new Map<string, { finish(): void; readonly signal: AbortSignal }>()
      const start = (key: string) => (signal: AbortSignal) => {
        expect(running.get(key)?.signal.aborted ?? true).toBe(true)
        return new Promise<{ readonly key: string }>((resolve) => {
          running.set(key, { finish: () => resolve({ key }), signal })
        })
      }
      const staying = new Map<string, Promise<{ readonly key: string }>[]>()
      for (const { key, leaves } of given) {
        const controller = new AbortController()
        const call = coalescer.run(key, controller.signal, start(key))
        if (leaves) {
          controller.abort()
          expect((await failureOf(call)).code).toBe('aborted')
        } else staying.set(key, [...(staying.get(key) ?? []), call])
        expect(running.get(key)?.signal.aborted).toBe((staying.get(key) ?? []).length === 0)
      }
      for (const [key, calls] of staying) {
        running.get(key)?.finish()
        for (const result of await Promise.all(calls)) expect(result).toEqual({ key })
      }
    })
    await fc.assert(property)
  })
})
