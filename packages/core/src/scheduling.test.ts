import { execFile } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Emulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from './create-duo-model-client.js'
import type { CallOptions, DuoModelClient } from './duo-model-client.js'
import type { LimitEvent } from './events/client-events.js'
import type { ModelRequest } from './model-request.js'
import { deadEndpoint, deploymentAt, emulatedClient, failureOf, question } from './testing/emulated-client.js'

function statsOf(client: DuoModelClient) {
  const stats = client.stats().deployments['default']
  if (stats === undefined) throw new Error('There is one deployment.')
  return stats
}

/** A question with an answer of some length, so that it takes the server a while. */
function longQuestion(number: number): ModelRequest {
  return { ...question(number), maxOutputTokens: 40 }
}

function longQuestions(count: number): ModelRequest[] {
  return Array.from({ length: count }, (_, number) => longQuestion(number))
}

function gauge(server: Emulator | undefined, name: string): number {
  const found = server?.metrics().match(new RegExp(`${name}\\{[^}]*\\} ([0-9.]+)`))
  return Number(found?.[1])
}

function postsAt({ requests }: Emulator): readonly string[] {
  return requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.stringify(body))
}

/** The answer never comes. */
const stall = { kind: 'stall', when: 'before-headers' } as const

describe('adaptive concurrency', () => {
  // Long enough that the queue is found out in the first two thirds, on a busy machine too.
  // With whole answers, the server is asked for its queue four times a second at most; an older one for its metrics, once.
  it.each([
    { stream: true, count: 480, version: '0.12.0', most: 4 },
    { stream: false, count: 480, version: '0.12.0', most: 4 },
    { stream: false, count: 700, version: '0.8.5', most: 12 },
  ])('keeps the queue of a server short while a batch runs: %j', async ({ stream, count, version, most }) => {
    const limits: LimitEvent[] = []
    const hooks = { onLimit: (event: LimitEvent) => void limits.push(event) }
    await using emulated = await emulatedClient([{ maxNumSeqs: 6, speed: 6, version }], { hooks })
    const { client, servers } = emulated
    const [server] = servers
    const waiting: number[] = []
    const run = client.batch(longQuestions(count), { stream })
    let answers = 0
    for await (const result of run) {
      expect(result.ok).toBe(true)
      answers += 1
      if (answers > (2 / 3) * count) waiting.push(gauge(server, 'num_requests_waiting'))
    }
    expect(answers).toBe(count)
    // Without a limit of their own, a batch's requests would all wait there.
    expect(waiting.reduce((sum, value) => sum + value, 0) / waiting.length).toBeLessThan(most)
    expect(statsOf(client).replicas[0]?.concurrencyLimit).toBeLessThan(4 * most)
    expect(limits[0]).toMatchObject({ deployment: 'default', endpoint: server?.baseUrl, limit: expect.any(Number) })
    expect(statsOf(client)).toMatchObject({
      queued: 0,
      schedulerQueueTimeMs: { count },
      replicas: [{ backgroundInFlight: 0, inFlight: 0 }],
    })
  })
})

describe('adaptive concurrency with whole answers of an older vLLM', () => {
  it('uses its places, although its metrics count what was only just sent as waiting', async () => {
    await using emulated = await emulatedClient([{ maxNumSeqs: 48, speed: 2, version: '0.8.5' }])
    const { client, servers } = emulated
    const [server] = servers
    let highest = 0
    for await (const { ok } of client.batch(longQuestions(900))) {
      expect(ok).toBe(true)
      highest = Math.max(highest, gauge(server, 'num_requests_running'))
    }
    // Its metrics are asked for from sixteen on: taken for a queue, they would end it there.
    expect(highest).toBeGreaterThan(30)
  }, 60_000)
})

describe('priorities', () => {
  it('let an interactive request overtake a batch that waits', async () => {
    await using emulated = await emulatedClient([{ maxNumSeqs: 4, speed: 20 }], { concurrency: 4 })
    const { client, servers } = emulated
    const [server] = servers as [Emulator]
    const batch = client.batch(longQuestions(60), { concurrency: 50 }).summary
    await expect.poll(() => postsAt(server).length).toBeGreaterThan(8)
    const { queuedByPriority, queued } = statsOf(client)
    expect(queuedByPriority.interactive).toBe(0)
    expect(queuedByPriority.background).toBe(queued)
    expect(queued).toBeGreaterThan(20)
    const before = postsAt(server).length
    await client.generate(question(999))
    const place = postsAt(server).findIndex((body) => body.includes('Question 999'))
    expect(place).toBeGreaterThanOrEqual(before)
    // Those that were on their way already.
    expect(place).toBeLessThanOrEqual(before + 4)
    expect(await batch).toMatchObject({ done: 60, failed: 0 })
  })
})

describe('calls that wait for their turn', () => {
  it('are given up by their signal, their deadline and a client that closes, and leave nothing behind', async () => {
    await using emulated = await emulatedClient([{ faults: [stall] }], { concurrency: 1 })
    const { client, servers } = emulated
    const controller = new AbortController()
    const ask = (options?: CallOptions) => failureOf(client.generate(question(1), options))
    const running = ask()
    await expect.poll(() => statsOf(client).replicas[0]?.inFlight).toBe(1)
    const aborted = ask({ signal: controller.signal })
    const late = ask({ deadlineMs: 50 })
    const closed = [ask(), ask({ priority: 'background' })]
    expect(statsOf(client)).toMatchObject({ queued: 4, queuedByPriority: { interactive: 3, background: 1 } })
    controller.abort()
    expect(await aborted).toMatchObject({ code: 'aborted' })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(await late).toMatchObject({ code: 'timeout' })
    expect(statsOf(client).queued).toBe(2)
    await client.close()
    for (const failure of [await running, ...(await Promise.all(closed))]) expect(failure.code).toBe('aborted')
    expect(client.stats()).toMatchObject({ runningCalls: 0, runningBatches: 0 })
    expect(statsOf(client)).toMatchObject({ queued: 0, replicas: [{ inFlight: 0 }] })
    expect(servers[0]?.requests).toHaveLength(1)
  })

  it('keep no process alive once their client is closed', async () => {
    await using emulated = await emulatedClient([{ faults: [stall] }])
    const program = `
      import { createDuoModelClient } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const config = ${JSON.stringify(deploymentAt(emulated.servers[0]?.baseUrl ?? ''))}
      const client = createDuoModelClient(config, { concurrency: 2, timeouts: { totalMs: Infinity } })
      const ask = (priority) => client.generate(${JSON.stringify(question(1))}, { priority }).catch(({ code }) => code)
      const calls = Array.from({ length: 50 }, (_, index) => ask(index % 2 === 0 ? 'interactive' : 'background'))
      while (client.stats().deployments.default.replicas[0].inFlight < 2) await new Promise(setImmediate)
      const { queued } = client.stats().deployments.default
      await client.close()
      const codes = new Set(await Promise.all(calls))
      console.log(JSON.stringify({ queued, codes: [...codes], left: process.getActiveResourcesInfo() }))
    `
    const args = ['--import', createRequire(import.meta.url).resolve('tsx'), '--input-type=module', '--eval', program]
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    })
    const { queued, codes, left } = JSON.parse(stdout) as { queued: number; codes: string[]; left: string[] }
    expect({ queued, codes }).toEqual({ queued: 48, codes: ['aborted'] })
    expect(left.filter((resource) => resource === 'Timeout' || resource.startsWith('TCP'))).toEqual([])
  }, 30_000)

  it('do not begin with a signal that has fired, or with options that are wrong', async () => {
    await using emulated = await emulatedClient()
    const { client, servers } = emulated
    const fail = (options: object) => failureOf(client.generate(question(1), options as CallOptions))
    expect(await fail({ signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' })
    expect(await fail({ priority: 'urgent' })).toMatchObject({ code: 'configuration' })
    for (const deadlineMs of [0, Number.NaN, -5])
      expect(await fail({ deadlineMs })).toMatchObject({ code: 'configuration' })
    expect(await failureOf(client.stream(question(1), { priority: 'urgent' } as never).text())).toMatchObject({
      code: 'configuration',
    })
    expect(() => client.batch([question(1)], { priority: 'urgent' } as never)).toThrow(/priority.*urgent/)
    expect(() => client.batch([question(1)], { concurrency: 0 })).toThrow(/concurrency/)
    expect(client.stats()).toMatchObject({ runningCalls: 0 })
    expect(statsOf(client)).toMatchObject({ queued: 0, schedulerQueueTimeMs: { count: 1 } })
    expect(servers[0]?.requests).toHaveLength(0)
  })

  it('fail one by one, ten thousand to a server that is not there', async () => {
    const client = createDuoModelClient(deploymentAt(await deadEndpoint()), { healthChecks: false })
    const codes = new Set<string>()
    const calls = Array.from({ length: 10_000 }, async (_, number) => {
      const priority = number % 2 === 0 ? 'interactive' : 'background'
      codes.add((await failureOf(client.generate(question(number), { priority }))).code)
    })
    await Promise.all(calls)
    expect([...codes]).toEqual(['connection'])
    expect(statsOf(client)).toMatchObject({ queued: 0, replicas: [{ inFlight: 0, backgroundInFlight: 0 }] })
    expect(statsOf(client).replicas[0]?.attempts).toBeLessThan(200)
    await client.close()
  })
})

describe('a batch without a concurrency of its own', () => {
  it('ends with the error of a source that throws half way, after the answers that were asked for', async () => {
    await using emulated = await emulatedClient([{ maxNumSeqs: 4 }])
    function* source(): Generator<ModelRequest> {
      yield* longQuestions(40)
      throw new RangeError('the source broke')
    }
    let answers = 0
    const read = async (): Promise<void> => {
      for await (const result of emulated.client.batch(source())) if (result.ok) answers += 1
    }
    await expect(read()).rejects.toThrow('the source broke')
    expect(answers).toBe(40)
    expect(statsOf(emulated.client)).toMatchObject({ queued: 0, replicas: [{ inFlight: 0 }] })
    expect(emulated.client.stats().runningBatches).toBe(0)
  })

  it('takes no more from its source than the servers can use', async () => {
    await using emulated = await emulatedClient([{ faults: [stall] }], { concurrency: 4 })
    let taken = 0
    function* source(): Generator<ModelRequest> {
      for (;;) yield question(taken++)
    }
    const run = emulated.client.batch(source()).summary
    run.catch(() => {})
    await expect.poll(() => statsOf(emulated.client).replicas[0]?.inFlight).toBe(4)
    await sleep(20)
    expect(taken).toBe(6)
    await emulated.client.close()
    await expect(run).rejects.toMatchObject({ code: 'aborted' })
  })
})
