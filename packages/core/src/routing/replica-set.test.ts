import type { AdapterConnection, AdapterResponse, ModelAdapter } from '@duo-models/adapters'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Call } from '../call.js'
import { Circuit } from '../scheduling/circuit.js'
import { FixedLimit } from '../scheduling/fixed-limit.js'
import { RequestSender } from '../send-request.js'
import { RetryPolicy } from '../steps/retry-policy.js'
import { seededRandom } from '../testing/seeded-random.js'
import { createSimulatedDeployment } from '../testing/simulated-deployment.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import { routings } from './create-routing.js'
import { Replica } from './replica.js'
import { ReplicaSet } from './replica-set.js'

const circuitSettings = { failureThreshold: 5, ejectionMs: 1_000, maxEjectionMs: 30_000 }
const context = { connectTimeoutMs: 5_000, maxConnections: 256 }
const noLimit = Number.POSITIVE_INFINITY
const limits = { firstTokenMs: noLimit, interTokenMs: noLimit, totalMs: noLimit }
const answer: AdapterResponse = {
  id: '1',
  model: 'simulated',
  text: 'Hello',
  toolCalls: [],
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: {},
}

function createReplica(endpoint: string | undefined): Replica {
  const target = { deployment: 'code', model: 'm', servedModelName: 'm', endpoint, settings: {} }
  return new Replica(target, context, new Circuit(circuitSettings, () => 1), new FixedLimit(100))
}

/** An adapter whose answers take a second of virtual time; it tells where each request went. */
class Servers {
  readonly clock = new VirtualClock()
  /** Requests under way when the connection they went through was closed. */
  cutOff = 0
  readonly adapter: ModelAdapter
  onRequest: (endpoint: string) => void = () => {}

  constructor() {
    this.adapter = { platform: 'simulated', connect: ({ endpoint = '' }) => this.#connection(endpoint) }
  }

  #connection(endpoint: string): AdapterConnection {
    let open = 0
    return {
      generate: async () => {
        this.onRequest(endpoint)
        open += 1
        await this.clock.sleep(1_000)
        open -= 1
        return answer
      },
      stream: () => {
        throw new RangeError('Whole answers only.')
      },
      close: async () => {
        this.cutOff += open
      },
    }
  }
}

describe('ReplicaSet', () => {
  it('keeps what is listed again, in the new order, and tells who joined, left and is drained', async () => {
    const set = new ReplicaSet(['a', 'b', 'c'], createReplica)
    const [a, b, c] = set.members as [Replica, Replica, Replica]
    const seen: string[] = []
    set.onChange = ({ endpoint }, change) => seen.push(`${endpoint} ${change}`)
    const slot = b.limit.begin('whole', 0)
    const left = set.replace(['c', 'd', 'a'])
    expect([...left]).toEqual([b])
    expect(set.members).toEqual([c, expect.objectContaining({ endpoint: 'd' }), a])
    expect([b.isRetired, set.draining]).toEqual([true, 1])
    expect(seen).toEqual(['d joined', 'b left'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(set.draining).toBe(1)
    b.limit.end(slot, undefined, 0)
    b.settle()
    await new Promise((resolve) => setImmediate(resolve))
    expect(set.draining).toBe(0)
    expect(seen.at(-1)).toBe('b drained')
  })

  it('takes an endpoint that is listed twice for two replicas', () => {
    const set = new ReplicaSet(['a', 'a'], createReplica)
    const before = [...set.members]
    expect(set.replace(['a', 'b', 'a']).size).toBe(0)
    expect([set.members[0], set.members[2]]).toEqual(before)
    expect([...set.replace(['b', 'a'])]).toEqual([before[1]])
  })

  it('is one replica without an endpoint where the platform finds it by region', () => {
    const set = new ReplicaSet([], createReplica)
    expect(set.members.map(({ endpoint }) => endpoint)).toEqual([undefined])
    expect(set.hasEndpoints).toBe(false)
  })

  it('begins gently with one that joins', () => {
    const set = new ReplicaSet(['a'], createReplica)
    set.replace(['a', 'b'])
    expect(set.members.map(({ circuit }) => circuit.hasRoom(1))).toEqual([true, false])
  })

  it('is not disturbed by a connection that cannot be closed', async () => {
    const set = new ReplicaSet(['a'], createReplica)
    await set.members[0]?.connect({
      platform: 'simulated',
      connect: () => ({
        generate: () => Promise.reject(new RangeError('none')),
        stream: () => {
          throw new RangeError('none')
        },
        close: () => Promise.reject(new RangeError('The connection is gone already.')),
      }),
    })
    set.replace(['b'])
    await new Promise((resolve) => setImmediate(resolve))
    expect(set.draining).toBe(0)
  })

  it('loses no request and sends none to a replica that left, in any order of joins, leaves and requests', async () => {
    const change = fc.record({ atMs: fc.nat(20_000), endpoints: fc.uniqueArray(fc.nat(5), { minLength: 1 }) })
    const requests = fc.array(fc.record({ atMs: fc.nat(20_000), prompt: fc.nat(4) }), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routings),
        fc.array(change, { maxLength: 12 }),
        requests,
        async (routing, changes, sent) => {
          const servers = new Servers()
          const { clock } = servers
          const deployment = createSimulatedDeployment({
            name: 'code',
            adapter: servers.adapter,
            endpoints: ['0', '1'],
            routing,
            circuit: circuitSettings,
            clock,
            random: seededRandom(1),
          })
          servers.onRequest = (endpoint) =>
            expect(deployment.replicas.map((replica) => replica.endpoint)).toContain(endpoint)
          let answers = 0
          const send = async (prompt: number): Promise<void> => {
            const call = new Call({ requestId: '1', limits, signal: undefined, clock })
            const request = {
              feature: 'duo-chat',
              messages: [{ role: 'user', content: `${prompt}`.repeat(1_000) }],
            } as const
            const policy = new RetryPolicy({ maxAttempts: 1, maxRetryAfterMs: 0 })
            const sender = new RequestSender(
              request,
              'whole',
              call,
              policy,
              ({ connection, prepared, call: attempt }) => connection.generate(prepared.request, attempt),
            )
            const { permit } = await sender.send([deployment])
            permit.release()
            call.end()
            answers += 1
          }
          for (const { atMs, prompt } of sent) clock.setTimer(atMs, () => void send(prompt))
          // Between two requests, so that each change is seen by those after it.
          for (const { atMs, endpoints } of changes)
            clock.setTimer(atMs + 0.5, () => deployment.setEndpoints(endpoints.map(String)))
          await clock.run()
          expect(answers).toBe(sent.length)
          expect(deployment.replicaSet.draining).toBe(0)
          expect(servers.cutOff).toBe(0)
          for (const { inFlight } of deployment.replicas) expect(inFlight).toBe(0)
        },
      ),
      { numRuns: 60 },
    )
  })
})
