import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Emulator, startEmulator } from '@duo-models/emulator'
import { describe, expect, it } from 'vitest'
import type { ClientOptions } from '../client-options.js'
import { createDuoModelClient } from '../create-duo-model-client.js'
import type { DuoModelClient } from '../duo-model-client.js'
import type { ReplicaStats } from '../stats/client-stats.js'
import { apiKey, deploymentAt, emulatedClient, failureOf, question } from '../testing/emulated-client.js'

const run = promisify(execFile)
const quick = {
  healthChecks: { intervalMs: 40, timeoutMs: 2_000 },
  circuit: { ejectionMs: 40, maxEjectionMs: 10_000 },
} satisfies ClientOptions

const wholeAnswer = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
})

const replicasOf = (client: DuoModelClient) => client.stats().deployments['default']?.replicas ?? []

/** Keeps a client in use without a request. */
function touch(client: DuoModelClient): void {
  client.probe({ request: false, timeoutMs: 500 }).catch(() => {})
}

/** As `expect.poll`, for machines that are busy. */
const soon = <Value>(read: () => Value) => expect.poll(read, { timeout: 10_000 })

/** How often a server's health was asked. */
function checksAt(server: Emulator | undefined): number {
  return server?.requests.filter(({ path }) => path === '/health').length ?? 0
}

async function restart(server: Emulator): Promise<Emulator> {
  const port = Number(new URL(server.url).port)
  return startEmulator({ platform: 'vllm', servedModelName: 'mistral-small', apiKey, speed: 0, port })
}

describe('health checks', () => {
  it('find out that a killed server is back, at the cost of no request', async () => {
    await using emulated = await emulatedClient([{}, {}], { ...quick, routing: 'round-robin' })
    const { client, servers } = emulated
    const second = servers[1] as Emulator
    const errors: unknown[] = []
    let isOver = false
    const caller = async (): Promise<void> => {
      for (let number = 0; !isOver; number += 1) {
        await client.generate(question(number)).catch((error: unknown) => errors.push(error))
        await sleep(1)
      }
    }
    const callers = Array.from({ length: 8 }, caller)
    await soon(() => replicasOf(client)[1]?.answers).toBeGreaterThan(20)
    await soon(() => replicasOf(client)[1]?.health.state).toBe('healthy')
    await second.close()
    await soon(() => replicasOf(client)[1]).toMatchObject({ circuit: 'open', inFlight: 0 })
    const failures = replicasOf(client)[1]?.failures
    await soon(() => replicasOf(client)[1]?.health.state).toBe('unhealthy')
    await sleep(300)
    expect(replicasOf(client)[1]).toMatchObject({ circuit: 'open', failures })
    const back = await restart(second)
    await soon(() => back.requests.filter(({ method }) => method === 'POST').length).toBeGreaterThan(20)
    isOver = true
    await Promise.all(callers)
    expect(back.requests[0]).toMatchObject({ method: 'GET', path: '/health' })
    expect(replicasOf(client)[1]).toMatchObject({ circuit: 'closed', failures, health: { state: 'healthy' } })
    expect(errors).toEqual([])
    await back.close()
  })

  it('open the circuit of a server that dies without traffic before a request meets it', async () => {
    await using emulated = await emulatedClient([{}, {}], quick)
    const { client, servers } = emulated
    await client.generate(question(1))
    const busy = replicasOf(client).findIndex(({ answers }) => answers > 0)
    const idle = 1 - busy
    await servers[idle]?.close()
    await soon(() => {
      touch(client)
      return replicasOf(client)[idle]?.circuit
    }).toBe('open')
    expect(replicasOf(client)[idle]).toMatchObject({ attempts: 0, health: { state: 'unhealthy' } })
    expect(replicasOf(client)[busy]?.failures).toBe(0)
  })

  it('bring a deployment with one server back, whose callers fail fast meanwhile', async () => {
    await using emulated = await emulatedClient([{}], { ...quick, retry: { maxAttempts: 1 } })
    const { client, servers } = emulated
    const [server] = servers as [Emulator]
    await client.generate(question(0))
    await soon(() => checksAt(server)).toBeGreaterThan(0)
    await server.close()
    await soon(async () => (await failureOf(client.generate(question(1)))).phase).toBe('queue')
    const back = await restart(server)
    await soon(async () =>
      client.generate(question(2)).then(
        ({ text }) => text,
        () => '',
      ),
    ).not.toBe('')
    const paths = back.requests.map(({ path }) => path)
    expect(paths[0]).toBe('/health')
    expect(paths.filter((path) => path === '/v1/chat/completions')).toHaveLength(1)
    await back.close()
  })

  it('believe a server whose engine has died, although it answers', async () => {
    await using emulated = await emulatedClient([{}, {}], quick)
    const { client, servers } = emulated
    await client.generate(question(1))
    const pollReplicas = (read: (replica: ReplicaStats) => unknown) =>
      soon(() => {
        touch(client)
        return replicasOf(client).map(read)
      })
    await pollReplicas(({ health }) => health.state).toEqual(['healthy', 'healthy'])
    for (const server of servers) server.setFaults([{ kind: 'status', status: 503, path: '/health' }])
    await pollReplicas(({ circuit }) => circuit).toEqual(['open', 'open'])
    const error = await failureOf(client.generate(question(2)))
    expect(error).toMatchObject({ code: 'overloaded', phase: 'queue' })
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(0)
    for (const server of servers) server.setFaults([])
    await pollReplicas(({ circuit }) => circuit).toEqual(['closed', 'closed'])
    expect((await client.generate(question(3))).text).not.toBe('')
  })

  it('ask a gateway that hides them once, and then leave it to requests', async () => {
    const faults = [{ kind: 'status', status: 404, path: '/health' }] as const
    await using emulated = await emulatedClient([{ faults }], quick)
    const { client, servers } = emulated
    await client.generate(question(1))
    await soon(() => checksAt(servers[0])).toBe(1)
    for (const number of [2, 3, 4, 5]) {
      await client.generate(question(number))
      await sleep(60)
    }
    expect(checksAt(servers[0])).toBe(1)
    expect(replicasOf(client)[0]).toMatchObject({ circuit: 'closed', health: { state: 'unknown' } })
  })

  it('are not made by a client that is not used, nor where they are turned off, nor after close()', async () => {
    await using off = await emulatedClient([{}], { healthChecks: false })
    await using idle = await emulatedClient([{}], quick)
    await off.client.generate(question(1))
    await sleep(200)
    expect(checksAt(idle.servers[0])).toBe(0)
    expect(checksAt(off.servers[0])).toBe(0)
    await idle.client.generate(question(1))
    await soon(() => checksAt(idle.servers[0])).toBeGreaterThan(1)
    // Six intervals after its last call nothing is left; a slow machine may be late by as much again.
    await sleep(600)
    const asked = checksAt(idle.servers[0])
    await sleep(400)
    expect(checksAt(idle.servers[0])).toBe(asked)
    await idle.client.generate(question(2))
    await soon(() => checksAt(idle.servers[0])).toBeGreaterThan(asked)
    await idle.client.close()
    const last = checksAt(idle.servers[0])
    await sleep(200)
    expect(checksAt(idle.servers[0])).toBe(last)
  })

  it('do not keep the process alive', async () => {
    await using emulated = await emulatedClient()
    const core = JSON.stringify(new URL('../index.ts', import.meta.url).href)
    const config = JSON.stringify(deploymentAt(emulated.servers[0]?.baseUrl ?? ''))
    const program = `const { createDuoModelClient } = await import(${core})
const client = createDuoModelClient(${config})
console.log((await client.generate(${JSON.stringify(question(1))})).text.length > 0)`
    const args = ['--import', createRequire(import.meta.url).resolve('tsx'), '--input-type=module', '--eval', program]
    const { stdout } = await run(process.execPath, args, {
      cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
      timeout: 40_000,
    })
    expect(stdout).toBe('true\n')
  }, 50_000)

  it('nor does a question nobody waits for that is never answered', async () => {
    const questions = new Set<string>()
    const server = createServer((incoming, response) => {
      if (incoming.url === '/asked') response.end(String(questions.size))
      else if (incoming.method === 'GET') questions.add(incoming.url ?? '')
      else incoming.resume().on('end', () => setTimeout(() => response.end(wholeAnswer), 50))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const core = JSON.stringify(new URL('../index.ts', import.meta.url).href)
    const { port } = server.address() as AddressInfo
    const config = JSON.stringify(deploymentAt(`http://127.0.0.1:${port}/v1`))
    // The limit of a question about the load is 5 s; those of health are longer here.
    const program = `const { createDuoModelClient } = await import(${core})
const client = createDuoModelClient(${config}, { healthChecks: { intervalMs: 50, timeoutMs: 60_000 } })
await Promise.all(Array.from({ length: 400 }, () => client.generate(${JSON.stringify(question(1))})))
const wereAsked = async () => (await (await fetch('http://127.0.0.1:${port}/asked')).text()) === '2'
while (!(await wereAsked())) {
  await client.generate(${JSON.stringify(question(1))})
  await new Promise((resolve) => setTimeout(resolve, 150))
}
const endedAt = performance.now()
process.on('exit', () => console.log(performance.now() - endedAt))`
    const args = ['--import', createRequire(import.meta.url).resolve('tsx'), '--input-type=module', '--eval', program]
    const cwd = fileURLToPath(new URL('../../../..', import.meta.url))
    try {
      const { stdout } = await run(process.execPath, args, { cwd, timeout: 40_000 })
      expect([...questions].sort()).toEqual(['/health', '/metrics'])
      expect(Number(stdout)).toBeLessThan(3_000)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }, 50_000)

  it.each([
    [{ healthChecks: true }, /'healthChecks' must be an object, or false; it is true/],
    [{ healthChecks: { intervalMs: 0 } }, /'healthChecks\.intervalMs' must be a number above 0; it is 0/],
    [{ healthChecks: { timeoutMs: Number.POSITIVE_INFINITY } }, /'healthChecks\.timeoutMs' must be a number above 0/],
    [{ healthChecks: { every: 5 } }, /no option 'healthChecks\.every'\. Known are: intervalMs, timeoutMs/],
  ])('refuse options that are wrong: %j', (options, message) => {
    const create = () => createDuoModelClient(deploymentAt('http://gpu-1:8000/v1'), options as ClientOptions)
    expect(create).toThrow(message)
  })
})
