import { once } from 'node:events'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createDuoModelClient } from '../create-duo-model-client.js'
import { apiKey, deadEndpoint, deploymentAt, emulatedClient, failureOf, question } from '../testing/emulated-client.js'
import type { ClientEvents, ClientHooks, LimitEvent } from './client-events.js'
import type { Logger } from './logger.js'

interface Seen {
  readonly name: keyof ClientEvents
  readonly event: Readonly<Record<string, unknown>>
}

const names = [
  'onRequest',
  'onAttempt',
  'onFirstToken',
  'onRetry',
  'onFallback',
  'onCircuit',
  'onEnd',
] as const satisfies readonly (keyof ClientEvents)[]

/** Hooks that write down all they are told. */
function recorder(): { readonly hooks: ClientHooks; readonly seen: Seen[] } {
  const seen: Seen[] = []
  const entries = names.map((name) => [name, (event: object) => seen.push({ name, event: { ...event } })])
  return { hooks: Object.fromEntries(entries), seen }
}

interface Line {
  readonly level: keyof Logger
  readonly message: string
  readonly fields: object
}

function recordingLogger(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = []
  const levels = ['debug', 'info', 'warn', 'error'] as const
  const write = (level: keyof Logger) => (message: string, fields: object) => lines.push({ level, message, fields })
  return { logger: Object.fromEntries(levels.map((level) => [level, write(level)])), lines }
}

describe('hooks', () => {
  it('are told of a whole answer from its beginning to its end', async () => {
    const { hooks, seen } = recorder()
    await using emulated = await emulatedClient([{}], { hooks })
    const response = await emulated.client.generate(question(1))
    expect(seen.map(({ name }) => name)).toEqual(['onRequest', 'onAttempt', 'onEnd'])
    const [request, attempt, end] = seen.map(({ event }) => event)
    const common = { requestId: request?.['requestId'], feature: 'duo-chat', kind: 'generate' }
    expect(request).toEqual({ ...common, deployments: ['default'] })
    const endpoint = emulated.servers[0]?.baseUrl
    expect(attempt).toEqual({ ...common, deployment: 'default', platform: 'vllm', endpoint, attempt: 1 })
    const { usage, finishReason, timing } = response
    expect(end).toEqual({
      ...common,
      ok: true,
      deployment: 'default',
      attempts: 1,
      elapsedMs: expect.any(Number),
      usage,
      finishReason,
      timing,
    })
    expect(emulated.servers[0]?.requests[0]?.headers['x-request-id']).toBe(request?.['requestId'])
  })

  it('are told of the first token of a stream', async () => {
    const { hooks, seen } = recorder()
    await using emulated = await emulatedClient([{}], { hooks })
    const { timing } = await emulated.client.stream(question(1)).response
    expect(seen.map(({ name }) => name)).toEqual(['onRequest', 'onAttempt', 'onFirstToken', 'onEnd'])
    const firstToken = seen[2]?.event['timeToFirstTokenMs'] as number
    expect(firstToken).toBeLessThanOrEqual(timing.endToEndLatencyMs)
    expect(seen[3]?.event).toMatchObject({ ok: true, kind: 'stream', timing })
  })

  it('are told of a retry, of a fallback and of why', async () => {
    const { hooks, seen } = recorder()
    const refuse = { kind: 'status', status: 503 } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }, { faults: [refuse] }, {}])
    const [broken = '', alsoBroken = '', good = ''] = emulated.servers.map(({ baseUrl }) => baseUrl)
    const config = {
      deployments: { broken: deploymentAt(broken, alsoBroken), good: deploymentAt(good) },
      features: { 'duo-chat': ['broken', 'good'] },
    }
    await using client = createDuoModelClient(config, { hooks, compatibility: 'off' })
    await client.generate(question(1))
    expect(seen.map(({ name }) => name)).toEqual([
      'onRequest',
      'onAttempt',
      'onRetry',
      'onAttempt',
      'onFallback',
      'onAttempt',
      'onEnd',
    ])
    expect(seen[2]?.event).toMatchObject({
      deployment: 'broken',
      attempt: 1,
      delayMs: 0,
      error: { code: 'overloaded' },
    })
    expect(seen[4]?.event).toMatchObject({ from: 'broken', to: 'good', error: { code: 'overloaded' } })
    expect(seen[6]?.event).toMatchObject({ ok: true, deployment: 'good', attempts: 3 })
  })

  it('are told of a replica that is left alone', async () => {
    const { hooks, seen } = recorder()
    const endpoint = await deadEndpoint()
    await using client = createDuoModelClient(deploymentAt(endpoint), { hooks })
    await client.batch(Array.from({ length: 20 }, (_, index) => question(index))).summary
    const changes = seen.filter(({ name }) => name === 'onCircuit').map(({ event }) => event)
    expect(changes[0]).toEqual({ deployment: 'default', endpoint, state: 'open' })
    const count = (name: string): number => seen.filter((each) => each.name === name).length
    expect([count('onRequest'), count('onEnd')]).toEqual([20, 20])
  })

  it.each([
    ['fails', { kind: 'status', status: 401, body: { error: 'no' } } as const, 'authentication'],
    ['breaks off', { kind: 'cut-stream', afterEvents: 4 } as const, 'stream-interrupted'],
  ])('are told once of a stream that %s, without its text and without secrets', async (_, fault, code) => {
    const { hooks, seen } = recorder()
    await using emulated = await emulatedClient([{ faults: [fault] }], { hooks, retry: { maxAttempts: 1 } })
    const error = await failureOf(emulated.client.stream(question(1)).text())
    expect(error.code).toBe(code)
    const ends = seen.filter(({ name }) => name === 'onEnd')
    expect(ends).toHaveLength(1)
    expect(ends[0]?.event).toMatchObject({ ok: false, attempts: 1, deployment: 'default', error: { code } })
    const shown = inspect(seen, { depth: 20 }) + JSON.stringify(seen)
    expect(shown).not.toContain(apiKey)
    expect(shown).not.toContain('Question')
    if (error.partial?.text) expect(shown).not.toContain(error.partial.text)
    if (error.partial?.usage) expect(ends[0]?.event['usage']).toEqual(error.partial.usage)
  })

  it('are told of a concurrency limit that was set, and why; the logger at debug', async () => {
    const events: LimitEvent[] = []
    const { logger, lines } = recordingLogger()
    const refuse = { kind: 'status', status: 503, times: 1 } as const
    const hooks = { onLimit: (event: LimitEvent) => void events.push(event) }
    await using emulated = await emulatedClient([{ faults: [refuse] }], { hooks, logger })
    await emulated.client.generate(question(1))
    const [event] = events
    expect(event).toEqual({
      deployment: 'default',
      endpoint: emulated.servers[0]?.baseUrl,
      limit: expect.any(Number),
      previous: 16,
      reason: 'refused',
    })
    expect(event).toSatisfy(Object.isFrozen)
    const line = lines.find(({ message }) => message.includes('refused'))
    expect(line).toMatchObject({ level: 'debug', fields: event })
    expect(line?.message).toBe(
      `replica ${event?.endpoint} of default gets ${event?.limit} requests at a time, before 16 (refused)`,
    )
  })

  it('are told of a stream whose reader left, and not of a request that was refused before it began', async () => {
    const { hooks, seen } = recorder()
    const stall = { kind: 'stall', when: 'mid-stream', afterEvents: 4 } as const
    await using emulated = await emulatedClient([{ faults: [stall] }], { hooks })
    for await (const event of emulated.client.stream(question(1))) if (event.type === 'text-delta') break
    await Promise.resolve()
    expect(seen.at(-1)).toMatchObject({ name: 'onEnd', event: { ok: false, error: { code: 'aborted' } } })
    const before = seen.length
    await failureOf(emulated.client.generate({ feature: 'duo-chat', messages: [] }))
    expect(seen).toHaveLength(before)
  })

  it('that throw or reject disturb no call: the logger is told, or else the process is warned once', async () => {
    const fail = (): void => {
      throw new Error('a mistake in the hook')
    }
    const hooks: ClientHooks = {
      onRequest: fail,
      onEnd: async () => {
        throw new Error('a later mistake')
      },
    }
    const { logger, lines } = recordingLogger()
    await using emulated = await emulatedClient([{}], { hooks, logger })
    await emulated.client.generate(question(1))
    await expect.poll(() => lines.filter(({ level }) => level === 'error').length).toBe(2)
    expect(lines.find(({ level }) => level === 'error')).toMatchObject({
      message: "The client's hooks.onRequest failed: a mistake in the hook",
      fields: { hook: 'hooks.onRequest' },
    })
    const { baseUrl = '' } = emulated.servers[0] ?? {}
    await using silent = createDuoModelClient(deploymentAt(baseUrl), { hooks: { onAttempt: fail } })
    const warning = once(process, 'warning')
    await silent.generate(question(1))
    expect(String((await warning)[0])).toMatch(/hooks\.onAttempt failed: a mistake in the hook/)
  })

  it('cannot change what they are given', async () => {
    const hooks: ClientHooks = {
      onRequest: (event) => {
        expect(Object.isFrozen(event)).toBe(true)
      },
    }
    await using emulated = await emulatedClient([{}], { hooks })
    await emulated.client.generate(question(1))
    expect.assertions(1)
  })
})

describe('the logger', () => {
  it('gets every call, failures at a level of their own', async () => {
    const { logger, lines } = recordingLogger()
    const refuse = { kind: 'status', status: 401, body: 'no', requests: [1] } as const
    await using emulated = await emulatedClient([{ faults: [refuse] }], { logger })
    await emulated.client.stream(question(1)).response
    await failureOf(emulated.client.generate(question(2)))
    await failureOf(emulated.client.generate(question(3), { signal: AbortSignal.abort() }))
    expect(lines.map(({ level }) => level)).toEqual([
      ...['debug', 'debug', 'debug', 'debug'],
      ...['debug', 'debug', 'error'],
      ...['debug', 'info'],
    ])
    expect(lines[6]?.message).toMatch(/^generate duo-chat failed \(authentication\) after \d+ ms$/)
    expect(lines[6]?.fields).toMatchObject({ ok: false, error: { code: 'authentication' } })
    expect(inspect(lines, { depth: 20 })).not.toContain(apiKey)
  })

  it('may be a console with some of its levels, and one that throws disturbs no call', async () => {
    const logger: Logger = {
      debug: () => {
        throw new Error('disk full')
      },
    }
    const warning = once(process, 'warning')
    await using emulated = await emulatedClient([{}], { logger })
    expect((await emulated.client.generate(question(1))).text).not.toBe('')
    expect(String((await warning)[0])).toMatch(/logger failed: disk full/)
  })
})

describe('options', () => {
  it.each([
    [{ hooks: { onRetries: () => {} } }, /no option 'hooks\.onRetries'.*onRetry/],
    [{ hooks: { onEnd: 'x' } }, /'hooks\.onEnd' must be a function; it is 'x'/],
    [{ hooks: 1 }, /'hooks' must be an object/],
    [{ logger: {} }, /'logger' must be an object with 'debug', 'info', 'warn', 'error' functions/],
    [{ logger: null }, /'logger' must be/],
    [{ logger: { warn: true } }, /'logger' must be/],
  ])('that are wrong are refused: %j', (options, message) => {
    expect(() => createDuoModelClient(deploymentAt('http://127.0.0.1:1/v1'), options as never)).toThrow(message)
  })
})
