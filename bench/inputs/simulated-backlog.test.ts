import { expect, test } from 'vitest'
import { SimulatedBacklog } from './simulated-backlog.js'
import type { ThroughputCase } from './throughput-case.js'

const request = { promptTokens: 100, outputTokens: 50 }
const small: ThroughputCase = {
  options: { maxPendingRequests: 4 },
  replicas: 1,
  requests: [request],
  warmUpAnswers: 8,
  answers: 40,
  maxMs: 1_000_000,
}

/** So many callers that take one request after another. */
function work(callers: number) {
  return ({ numbers, ask }: SimulatedBacklog) => {
    const caller = async () => {
      for (let number = numbers.length; number > 0; number -= 1) await ask(number)
    }
    for (let index = 0; index < callers; index += 1) void caller()
  }
}

test('what is answered after the warm-up is counted, by the time it took', async () => {
  const figures = await new SimulatedBacklog(small, 0).measure(work(4))
  const alone = await new SimulatedBacklog(small, 0).measure(work(1))
  expect(figures.refused).toBe(0)
  expect(figures.tokensPerSecond).toBeGreaterThan(3 * alone.tokensPerSecond)
  expect(figures.p95FirstTokenMs).toBeGreaterThan(0)
  expect(await new SimulatedBacklog(small, 0).measure(work(4))).toEqual(figures)
})

test('who is refused asks again after a second, and only the last wait counts', async () => {
  const figures = await new SimulatedBacklog(small, 0).measure(work(6))
  expect(figures.refused).toBeGreaterThan(0)
  expect(figures.p95FirstTokenMs).toBeLessThan(1_000)
})

test('by time, what comes before the moment is left out', async () => {
  const byTime = { ...small, answers: Number.POSITIVE_INFINITY, maxMs: 20_000, measuredFromMs: 10_000 }
  const whole = await new SimulatedBacklog({ ...byTime, measuredFromMs: 0 }, 0).measure(work(4))
  const half = await new SimulatedBacklog(byTime, 0).measure(work(4))
  expect(half.tokensPerSecond / whole.tokensPerSecond).toBeCloseTo(1, 1)
})

test('nothing is measured where the time is over first', async () => {
  const figures = await new SimulatedBacklog({ ...small, maxMs: 10 }, 0).measure(work(4))
  expect(figures).toEqual({ tokensPerSecond: 0, p95FirstTokenMs: 0, refused: 0 })
})
