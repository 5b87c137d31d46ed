import {
  type AdapterConnection,
  AuthenticationError,
  ConnectionError,
  type EndpointHealth,
  type ModelAdapter,
  OverloadedError,
  TimeoutError,
} from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Replica } from '../routing/replica.js'
import { Circuit } from '../scheduling/circuit.js'
import { FixedLimit } from '../scheduling/fixed-limit.js'
import { seededRandom } from '../testing/seeded-random.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import { HealthMonitor, type MonitoredDeployment } from './health-monitor.js'

const settings = { intervalMs: 10_000, timeoutMs: 2_000 }
const circuitSettings = { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 30_000 }
const down = new ConnectionError({ message: 'Nobody listens.' })

type Check = (nowMs: number, signal: AbortSignal) => Promise<EndpointHealth> | EndpointHealth

/** Replicas whose servers answer as `checks` say, and the monitor that asks them. */
class World {
  readonly clock = new VirtualClock()
  /** When each replica was asked. */
  readonly asked: number[][]
  readonly replicas: Replica[]
  readonly monitor: HealthMonitor
  readonly #adapter: ModelAdapter

  constructor(checks: readonly (Check | undefined)[], seed = 1) {
    const random = seededRandom(seed)
    this.asked = checks.map(() => [])
    this.#adapter = {
      platform: 'simulated',
      connect: ({ endpoint }) => this.#connection(Number(endpoint), checks[Number(endpoint)]),
    }
    this.replicas = checks.map((_, index) => {
      const target = { deployment: 'code', model: 'm', servedModelName: 'm', endpoint: String(index), settings: {} }
      return new Replica(
        target,
        { connectTimeoutMs: 1, maxConnections: 1 },
        new Circuit(circuitSettings, random),
        new FixedLimit(100),
      )
    })
    const deployment: MonitoredDeployment = {
      name: 'code',
      platform: 'simulated',
      readyAdapter: this.#adapter,
      replicas: this.replicas,
    }
    this.monitor = new HealthMonitor({ settings, deployments: () => [deployment], clock: this.clock, random })
  }

  /** Connects a replica, as its first request does. */
  async connect(index = 0): Promise<Replica> {
    const replica = this.replicas[index] as Replica
    await replica.connect(this.#adapter)
    return replica
  }

  /** Uses the client all the time until then. */
  useUntil(untilMs: number): void {
    const use = (): void => {
      this.monitor.use(this.clock.now())
      if (this.clock.now() < untilMs) this.clock.setTimer(250, use)
    }
    use()
  }

  /** Requests that fail, until the circuit opens. */
  breakDown(replica: Replica): void {
    const { circuit } = replica
    for (let time = 0; time < circuitSettings.failureThreshold; time += 1)
      circuit.fail(circuit.admit(), down, this.clock.now(), this.clock.now())
  }

  #connection(index: number, check: Check | undefined): AdapterConnection {
    return {
      generate: () => Promise.reject(down),
      stream: () => {
        throw down
      },
      close: async () => {},
      ...(check !== undefined && {
        checkHealth: async ({ signal }) => {
          this.asked[index]?.push(this.clock.now())
          return check(this.clock.now(), signal)
        },
      }),
    }
  }
}

const healthy: Check = () => 'healthy'
const dead: Check = () => Promise.reject(down)

describe('HealthMonitor', () => {
  it('asks a replica without traffic once in an interval, with jitter, also one that was never connected', async () => {
    const world = new World([healthy, healthy])
    await world.connect(0)
    world.useUntil(100_000)
    await world.clock.run(100_000)
    for (const times of world.asked) {
      expect(times.length).toBeGreaterThanOrEqual(8)
      expect(times.length).toBeLessThanOrEqual(14)
      const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0))
      for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(7_500)
      for (const pause of pauses) expect(pause).toBeLessThanOrEqual(10_500)
      expect(new Set(pauses).size).toBeGreaterThan(2)
    }
    expect(world.asked[0]?.[0]).toBeGreaterThan(7_000)
    expect(world.replicas[1]?.health).toMatchObject({ state: 'healthy', askedAt: world.asked[1]?.at(-1) })
  })

  it('asks nobody before the client is used, and nothing more once it is not', async () => {
    const world = new World([healthy])
    await world.connect()
    await world.clock.run(100_000)
    expect(world.asked).toEqual([[]])
    world.useUntil(130_000)
    await world.clock.run()
    expect(world.asked[0]?.at(-1)).toBeLessThanOrEqual(190_500)
    expect(world.clock.now()).toBeLessThanOrEqual(191_000)
    const before = world.asked[0]?.length ?? 0
    world.useUntil(world.clock.now() + 20_000)
    await world.clock.run()
    expect(world.asked[0]?.length).toBeGreaterThan(before)
  })

  it('asks a replica that answers requests once, to know whether it can be asked', async () => {
    const world = new World([healthy])
    const { circuit } = await world.connect()
    const answer = (): void => {
      circuit.succeed(circuit.admit(), world.clock.now())
      if (world.clock.now() < 90_000) world.clock.setTimer(3_000, answer)
    }
    answer()
    world.useUntil(90_000)
    await world.clock.run(90_000)
    expect(world.asked[0]).toHaveLength(1)
  })

  it('opens the circuit of a replica that died without traffic, within an interval and a few seconds', async () => {
    const world = new World([(now) => (now < 50_000 ? 'healthy' : Promise.reject(down))])
    const { circuit, health } = await world.connect()
    world.useUntil(100_000)
    await world.clock.run(50_000)
    expect(circuit.state).toBe('closed')
    await world.clock.run(67_000)
    expect(circuit.state).toBe('open')
    expect(health.state).toBe('unhealthy')
    expect(circuit.lastFailure?.message).toBe('Nobody listens.')
  })

  it('asks instead of letting a request find out, and takes the replica back when it is healthy', async () => {
    const isUp = (now: number) => now < 20_000 || now > 60_000
    const world = new World([(now) => (isUp(now) ? 'healthy' : Promise.reject(down))])
    const replica = await world.connect()
    world.useUntil(90_000)
    await world.clock.run(20_000)
    const before = world.asked[0]?.length ?? 0
    world.breakDown(replica)
    const openFor: number[] = []
    const look = (): void => {
      if (replica.circuit.state === 'open') openFor.push(world.clock.now())
      expect(replica.isAvailable(world.clock.now())).toBe(replica.circuit.state === 'closed')
      if (world.clock.now() < 90_000) world.clock.setTimer(100, look)
    }
    look()
    await world.clock.run(90_000)
    expect(replica.circuit.state).toBe('closed')
    expect(openFor.at(-1)).toBeLessThanOrEqual(71_000)
    const asked = (world.asked[0] ?? []).slice(before).filter((time) => time <= 71_000)
    const pauses = asked.map((time, index) => time - (asked[index - 1] ?? 20_000))
    expect(Math.max(...pauses.slice(0, 2))).toBeLessThanOrEqual(1_500)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(10_500)
    expect(pauses.length).toBeLessThan(12)
  })

  it('asks a server that does not say only once, and leaves it to requests to find out', async () => {
    const world = new World([() => 'unknown', undefined])
    const replica = await world.connect(0)
    await world.connect(1)
    world.useUntil(100_000)
    await world.clock.run(50_000)
    world.breakDown(replica)
    await world.clock.run(100_000)
    expect(world.asked.map(({ length }) => length)).toEqual([1, 0])
    expect(replica.health.state).toBe('unknown')
    expect(replica.isAvailable(world.clock.now())).toBe(true)
  })

  it('does not count a late answer of a replica that has requests under way', async () => {
    const late = new TimeoutError({ message: 'late', which: 'total', timeoutMs: 1 })
    const world = new World([() => Promise.reject(late)])
    const replica = await world.connect()
    const slot = replica.limit.begin('whole', world.clock.now())
    world.useUntil(100_000)
    await world.clock.run(50_000)
    expect(world.asked[0]?.length).toBeGreaterThan(10)
    expect(replica.circuit.state).toBe('closed')
    replica.limit.end(slot, undefined, world.clock.now())
    await world.clock.run(70_000)
    expect(replica.circuit.state).toBe('open')
  })

  it('leaves it to requests where the check fails for what says nothing about the server', async () => {
    const world = new World([() => Promise.reject(new AuthenticationError({ message: 'no' }))])
    const { circuit, health } = await world.connect()
    world.useUntil(100_000)
    await world.clock.run(100_000)
    expect(world.asked[0]).toHaveLength(1)
    expect([circuit.state, circuit.isGuarded, health.state]).toEqual(['closed', false, 'unknown'])
  })

  it('lets requests find out about a server that never said it was healthy', async () => {
    const world = new World([dead])
    const replica = await world.connect()
    world.useUntil(60_000)
    await world.clock.run(60_000)
    expect(replica.circuit.state).toBe('open')
    expect(replica.isAvailable(world.clock.now())).toBe(true)
  })

  it('believes requests where a server answers them, and its check fails all the same', async () => {
    const broken = new OverloadedError({ message: 'A gateway without a route.', status: 503 })
    const world = new World([(now) => (now < 20_000 ? 'healthy' : Promise.reject(broken))])
    const replica = await world.connect()
    const { circuit, health } = replica
    let refused = 0
    const send = (): void => {
      if (!replica.isAvailable(world.clock.now())) refused += 1
      else circuit.succeed(circuit.admit(), world.clock.now())
      if (world.clock.now() < 400_000) world.clock.setTimer(20_000, send)
    }
    send()
    world.useUntil(400_000)
    await world.clock.run(400_000)
    expect([health.isSilent, circuit.state, circuit.isGuarded]).toEqual([true, 'closed', false])
    expect(refused).toBeLessThanOrEqual(5)
  })

  it('is not held up by an adapter that never settles', async () => {
    const signals: AbortSignal[] = []
    const world = new World([
      (_, signal) => {
        signals.push(signal)
        return new Promise(() => {})
      },
    ])
    const { circuit } = await world.connect()
    world.useUntil(100_000)
    await world.clock.run(100_000)
    expect(circuit.state).toBe('open')
    expect(signals.slice(0, -1).every(({ aborted }) => aborted)).toBe(true)
  })

  it('gives up what is under way when it is closed, and leaves nothing', async () => {
    const signals: AbortSignal[] = []
    const world = new World([
      (_, signal) => {
        signals.push(signal)
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(down)))
      },
    ])
    const { circuit } = await world.connect()
    world.useUntil(12_000)
    await world.clock.run(10_500)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    world.monitor.close()
    await world.clock.run()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(circuit.isGuarded).toBe(false)
    expect(world.clock.now()).toBeLessThanOrEqual(12_500)
  })

  it('never has two questions under way at a replica, never strands one, and forgets nothing, in any weather', async () => {
    const weather = fc.array(fc.constantFrom('up', 'down', 'slow', 'hidden'), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(weather, fc.integer(), async (weathers, seed) => {
        let underWay = 0
        let most = 0
        const world: World = new World(
          [
            async (now) => {
              const kind = weathers[Math.floor(now / 15_000)] ?? 'up'
              most = Math.max(most, ++underWay)
              await world.clock.sleep(kind === 'slow' ? 3_000 : 5)
              underWay -= 1
              if (kind === 'down') throw down
              return kind === 'hidden' && now > 15_000 ? 'unknown' : 'healthy'
            },
          ],
          seed,
        )
        const replica = await world.connect()
        const endMs = weathers.length * 15_000 + 40_000
        world.useUntil(endMs)
        await world.clock.run(endMs)
        expect(most).toBe(1)
        // Whoever is never healthy is left to requests, and there are none here.
        if (replica.health.isSilent) expect(replica.isAvailable(endMs + 60_000)).toBe(true)
        else expect([replica.circuit.state, replica.health.state]).toEqual(['closed', 'healthy'])
        await world.clock.run()
        expect(underWay).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
})
