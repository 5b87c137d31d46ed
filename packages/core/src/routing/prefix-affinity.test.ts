import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ModelRequest } from '../model-request.js'
import { seededRandom } from '../testing/seeded-random.js'
import { PerfectRouter, simulatePrefixCache } from '../testing/simulate-prefix-cache.js'
import { LeastLoaded } from './least-loaded.js'
import { PrefixAffinity } from './prefix-affinity.js'
import { RoundRobin } from './round-robin.js'

class Server {
  readonly id: string
  inFlight = 0

  constructor(id: string) {
    this.id = id
  }

  load(): number {
    return this.inFlight
  }
}

function servers(count: number): Server[] {
  return Array.from({ length: count }, (_, index) => new Server(`http://gpu-${index}:8000/v1`))
}

function chat(text: string, metadata?: ModelRequest['metadata']): ModelRequest {
  return { feature: 'duo-chat', messages: [{ role: 'user', content: text }], metadata }
}

/** Joins a server, lets it compute a prefix, and takes it out again. */
function leave(router: PrefixAffinity<Server>, stays: readonly Server[]): WeakRef<Server> {
  const server = new Server('http://gpu-9:8000/v1')
  for (let prompt = 0; prompt < 40; prompt += 1) router.pick([...stays, server], chat(`${prompt}`.repeat(2_000)), 0)
  router.forget(new Set([server]))
  return new WeakRef(server)
}

describe('PrefixAffinity', () => {
  it('sends what begins alike to the same replica, and the rest elsewhere', () => {
    const all = servers(8)
    const router = new PrefixAffinity<Server>()
    const first = router.pick(all, chat('a'.repeat(3_000)), 0)
    expect(router.pick(all, chat(`${'a'.repeat(3_000)} and so on`), 0)).toBe(first)
    expect(router.pick(all, chat(`${'a'.repeat(3_000)}${'b'.repeat(1_500)}`), 0)).toBe(first)
    const others = Array.from({ length: 40 }, (_, index) => router.pick(all, chat(`${index}`.repeat(2_000)), 0))
    expect(new Set(others).size).toBeGreaterThan(4)
  })

  it('follows a conversation or a repository where the request names one', () => {
    const all = servers(8)
    for (const metadata of [{ conversation: 'c-1' }, { repository: 'r-1' }]) {
      const router = new PrefixAffinity<Server>()
      const first = router.pick(all, chat('one beginning', metadata), 0)
      for (const text of ['another', 'a third', 'a fourth'])
        expect(router.pick(all, chat(text, metadata), 0)).toBe(first)
    }
  })

  it('chooses alike in every process', () => {
    for (const text of ['one', 'two', 'three']) {
      const picks = [1, 2].map(() => new PrefixAffinity<Server>().pick(servers(8), chat(text), 0).id)
      expect(picks[0]).toBe(picks[1])
    }
  })

  it('yields to load, and remembers whom it yielded to', () => {
    const all = servers(4)
    const router = new PrefixAffinity<Server>()
    const first = router.pick(all, chat('x'.repeat(2_000)), 0)
    first.inFlight = 10
    const second = router.pick(all, chat('x'.repeat(2_000)), 0)
    expect(second).not.toBe(first)
    expect(router.pick(all, chat('x'.repeat(2_000)), 0)).toBe(second)
  })

  it('never picks one that is not a candidate, and keeps every load near the mean', () => {
    const choice = fc.record({ prompt: fc.nat(5), without: fc.nat(5), ends: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 300 }), (choices) => {
        const all = servers(6)
        const router = new PrefixAffinity<Server>()
        const underWay: Server[] = []
        for (const { prompt, without, ends } of choices) {
          const candidates = all.filter((_, index) => index !== without)
          const total = candidates.reduce((sum, { inFlight }) => sum + inFlight, 0)
          const picked = router.pick(candidates, chat(`${prompt}`.repeat(1_000)), 0)
          expect(candidates).toContain(picked)
          expect(picked.inFlight).toBeLessThanOrEqual(Math.max(4, Math.ceil((1.25 * (total + 1)) / candidates.length)))
          picked.inFlight += 1
          underWay.push(picked)
          for (const server of underWay.splice(0, ends)) server.inFlight -= 1
        }
      }),
    )
  })

  it('goes on without a replica that is not offered, and forgets what a cache cannot hold', () => {
    const all = servers(2)
    const router = new PrefixAffinity<Server>(8)
    const first = router.pick(all, chat('y'.repeat(1_000)), 0)
    const left = all.filter((server) => server !== first)
    expect(router.pick(left, chat('y'.repeat(1_000)), 0)).toBe(left[0])
    for (let other = 0; other < 1_000; other += 1) router.pick(left, chat(`${other} `.repeat(400)), 0)
    expect(router.pick(left, chat('y'.repeat(1_000)), 0)).toBe(left[0])
  })

  it('never picks one that left, and keeps every load near the mean while servers come and go', () => {
    const step = fc.record({
      kind: fc.constantFrom('request', 'request', 'request', 'join', 'leave'),
      prompt: fc.nat(5),
      which: fc.nat(9),
      ends: fc.nat(2),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const router = new PrefixAffinity<Server>()
        const underWay: Server[] = []
        let candidates = servers(3)
        let joined = candidates.length
        for (const { kind, prompt, which, ends } of steps) {
          for (const server of underWay.splice(0, ends)) server.inFlight -= 1
          if (kind === 'join') candidates = [...candidates, new Server(`http://gpu-${joined++}:8000/v1`)]
          else if (kind === 'leave' && candidates.length > 1) {
            const left = new Set(candidates.splice(which % candidates.length, 1))
            candidates = [...candidates]
            router.forget(left)
          }
          if (kind !== 'request') continue
          const total = candidates.reduce((sum, { inFlight }) => sum + inFlight, 0)
          const picked = router.pick(candidates, chat(`${prompt}`.repeat(1_000)), 0)
          expect(candidates).toContain(picked)
          expect(picked.inFlight).toBeLessThanOrEqual(Math.max(4, Math.ceil((1.25 * (total + 1)) / candidates.length)))
          picked.inFlight += 1
          underWay.push(picked)
        }
      }),
    )
  })

  it.each([3, 8])('gives one that joins %i others its share of known starts, and never a stampede', (others) => {
    const all = servers(others + 1)
    const newcomer = all[others] as Server
    const router = new PrefixAffinity<Server>()
    const random = seededRandom(3)
    const computed = new Set<string>()
    const send = (candidates: readonly Server[], times: number): number => {
      let given = 0
      for (let time = 0; time < times; time += 1) {
        const repository = Math.floor(random() * 200)
        const picked = router.pick(candidates, chat(`${repository} `.repeat(200), { repository: `r-${repository}` }), 0)
        if (picked === newcomer) given += 1
        computed.add(`${repository} ${picked.id}`)
      }
      return given
    }
    send(all.slice(0, others), 4_000)
    const fair = 1 / (others + 1)
    const before = computed.size
    expect(send(all, 50)).toBeLessThanOrEqual(50 * fair * 2)
    expect(send(all, 950)).toBeGreaterThan(950 * fair * 0.8)
    const later = send(all, 4_000)
    expect(later).toBeGreaterThan(4_000 * fair * 0.8)
    expect(later).toBeLessThan(4_000 * fair * 1.25)
    // Requests whose start had to be computed again, evasions from busy replicas included.
    expect(computed.size - before).toBeLessThan(0.05 * 5_000)
  })

  it('keeps nothing of those that left', async () => {
    const router = new PrefixAffinity<Server>()
    const stays = servers(1)
    const left = leave(router, stays)
    await new Promise((resolve) => setImmediate(resolve))
    setFlagsFromString('--expose-gc')
    runInNewContext('gc')()
    expect(left.deref()).toBeUndefined()
    expect(router.pick(stays, chat('x'.repeat(2_000)), 0)).toBe(stays[0])
  })

  it('finds at least 95 % of what a router finds that sees into every cache, at a skew of at most 1.25', () => {
    const scenario = {
      replicas: 8,
      requests: 3_000,
      concurrency: 64,
      cacheCharacters: 400_000,
      repositories: 100,
      seed: 7,
    }
    const perfect = simulatePrefixCache(new PerfectRouter(1.25), scenario)
    const ours = simulatePrefixCache(new PrefixAffinity(), scenario)
    const roundRobin = simulatePrefixCache(new RoundRobin(), scenario)
    expect(ours.hitRate).toBeGreaterThanOrEqual(0.95 * perfect.hitRate)
    expect(ours.requestSkew).toBeLessThanOrEqual(1.25)
    expect(ours.loadSkew).toBeLessThanOrEqual(1.25)
    expect(ours.hitRate).toBeGreaterThan(1.2 * roundRobin.hitRate)
  })
})

describe('LeastLoaded and RoundRobin', () => {
  it('take the idlest, in turn where all are alike', () => {
    const all = servers(3)
    const router = new LeastLoaded<Server>()
    expect(new Set([1, 2, 3].map(() => router.pick(all, chat('x'), 0))).size).toBe(3)
    for (const server of all.slice(1)) server.inFlight = 1
    expect(router.pick(all, chat('x'), 0)).toBe(all[0])
    const turns = new RoundRobin<Server>()
    expect([1, 2, 3, 4].map(() => turns.pick(all).id.slice(11, 12))).toEqual(['1', '2', '0', '1'])
  })
})
