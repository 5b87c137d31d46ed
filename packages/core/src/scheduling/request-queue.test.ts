import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../testing/seeded-random.js'
import { VirtualClock } from '../testing/virtual-clock.js'
import type { Clock } from './clock.js'
import { type Priority, priorities } from './priority.js'
import { type PlaceInQueue, RequestQueue } from './request-queue.js'

/** What a test lets wait: it says by itself when it may start. */
interface Job {
  readonly id: number
  readonly priority: Priority
  /** Starts it, or says when to ask again. */
  readonly tryStart: () => Started | number
}

interface Started {
  readonly id: number
  readonly priority: Priority
  readonly atMs: number
}

/** Virtual time that counts the timers that are set. */
class CountingClock implements Clock {
  timers = 0
  readonly #clock = new VirtualClock()
  readonly now = this.#clock.now

  readonly setTimer = (delayMs: number, callback: () => void): (() => void) => {
    const set = new Set([callback])
    const forget = (): void => {
      if (set.delete(callback)) this.timers -= 1
    }
    this.timers += 1
    const cancel = this.#clock.setTimer(delayMs, () => {
      forget()
      callback()
    })
    return () => {
      forget()
      cancel()
    }
  }

  run(untilMs?: number): Promise<void> {
    return this.#clock.run(untilMs)
  }
}

function setUp(maxLength = 1_000) {
  const clock = new CountingClock()
  const started: Started[] = []
  const failed: { readonly id: number; readonly error: unknown }[] = []
  const queue = new RequestQueue<Job, Started>({
    clock,
    maxLength,
    owner: 'chat',
    tryStart: ({ tryStart }) => tryStart(),
  })
  let ids = 0
  const join = (priority: Priority, mayStart: () => boolean | number): PlaceInQueue => {
    const id = ids++
    const tryStart = (): Started | number => {
      const may = mayStart()
      if (may === true) return { id, priority, atMs: clock.now() }
      return may === false ? Number.POSITIVE_INFINITY : may
    }
    return queue.join(
      priority,
      { id, priority, tryStart },
      (value) => started.push(value),
      (error) => failed.push({ id, error }),
    )
  }
  return { clock, queue, started, failed, join, ids: () => started.map(({ id }) => id) }
}

describe('RequestQueue', () => {
  it('lets requests go in the order they came, each when it may', async () => {
    const { clock, queue, started, join } = setUp()
    for (const at of [100, 200, 300]) join('interactive', () => (clock.now() >= at ? true : at))
    expect(queue.length).toBe(3)
    expect(clock.timers).toBe(1)
    await clock.run()
    expect(started.map(({ id, atMs }) => [id, atMs])).toEqual([
      [0, 100],
      [1, 200],
      [2, 300],
    ])
    expect(queue.length).toBe(0)
    expect(clock.timers).toBe(0)
  })

  it('tells what a start throws to its own request, and goes on with the next', async () => {
    const { clock, started, failed, join, queue } = setUp()
    const error = new RangeError('no')
    join('interactive', () => {
      if (clock.now() < 50) return 50
      throw error
    })
    join('interactive', () => true)
    join('background', () => true)
    await clock.run()
    expect(failed).toEqual([{ id: 0, error }])
    expect(started.map(({ id }) => id)).toEqual([1, 2])
    expect(queue.length).toBe(0)
  })

  it('refuses one more than it holds, and says what to do', () => {
    const { join } = setUp(1)
    join('interactive', () => 1_000)
    expect(() => join('background', () => 1_000)).toThrow(
      /'chat' already has 1 requests waiting.*concurrency.*rateLimits.*maxQueued/,
    )
  })

  it('lets no background request take what an interactive one waits for', () => {
    const { join, queue, started } = setUp()
    let isOpen = false
    join('background', () => isOpen)
    join('interactive', () => false)
    isOpen = true
    queue.advance()
    expect(started).toEqual([])
    expect([queue.lengthOf('interactive'), queue.lengthOf('background')]).toEqual([1, 1])
  })

  it('lets interactive requests go on while a background request whose turn it is has to wait', () => {
    const { join, queue, started } = setUp()
    let places = 0
    const take = (): boolean => places-- > 0
    for (let count = 0; count < 40; count++) join('interactive', take)
    join('background', () => false)
    places = 40
    queue.advance()
    expect(started).toHaveLength(40)
    expect(queue.lengthOf('background')).toBe(1)
  })

  it('starts a background request when it has waited ten seconds longer than the first interactive one', async () => {
    const { clock, join, queue, ids } = setUp()
    let places = 0
    const take = (): boolean => places-- > 0
    join('background', take)
    await clock.run(9_999)
    join('interactive', take)
    places = 1
    queue.advance()
    expect(ids()).toEqual([1])
    await clock.run(10_000)
    places = 0
    join('interactive', take)
    places = 1
    queue.advance()
    expect(ids()).toEqual([1, 0])
  })

  it('starts each priority in order, and a background request at the latest after 16 starts', () => {
    const step = fc.record({ join: fc.constantFrom(...priorities), starts: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 300 }), (steps) => {
        const { queue, started, join } = setUp()
        let places = 0
        let interactiveInRow = 0
        const take = (): boolean => places > 0 && places-- > 0
        for (const { join: priority, starts } of steps) {
          const before = started.length
          join(priority, take)
          const background = queue.lengthOf('background')
          places = starts
          queue.advance()
          places = 0
          for (const { priority: which } of started.slice(before))
            interactiveInRow = which === 'interactive' && background > 0 ? interactiveInRow + 1 : 0
          expect(interactiveInRow).toBeLessThan(16)
          if (queue.lengthOf('background') === 0) interactiveInRow = 0
        }
        for (const priority of priorities) {
          const order = started.filter((one) => one.priority === priority).map(({ id }) => id)
          expect(order).toEqual(order.toSorted((one, other) => one - other))
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keeps its lengths and leaves no timer, whoever leaves when', async () => {
    const step = fc.record({
      priority: fc.constantFrom(...priorities),
      waitMs: fc.integer({ min: 1, max: 100 }),
      leavesAt: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, queue, started, join } = setUp()
        const left = new Set<number>()
        const places = steps.map(({ priority, waitMs }) =>
          join(priority, () => (clock.now() >= waitMs ? true : waitMs)),
        )
        for (let now = 0; now <= 120; now += 1) {
          await clock.run(now)
          for (const [id, { leavesAt }] of steps.entries()) {
            if (leavesAt !== now) continue
            if (!started.some((one) => one.id === id)) left.add(id)
            places[id]?.leave()
            places[id]?.leave()
          }
          const waiting = steps.filter((_, id) => !left.has(id) && !started.some((one) => one.id === id))
          for (const priority of priorities)
            expect(queue.lengthOf(priority)).toBe(waiting.filter((one) => one.priority === priority).length)
          if (waiting.length === 0) expect(clock.timers).toBe(0)
          else expect(clock.timers).toBe(1)
        }
        expect(new Set(started.map(({ id }) => id)).size).toBe(started.length)
        expect(started.length + left.size).toBe(steps.length)
      }),
      { numRuns: 40 },
    )
  })

  it('is safe against what a start brings about: a change, another one joining, one that leaves', () => {
    const { join, queue, ids } = setUp()
    let isOpen = false
    const places: PlaceInQueue[] = []
    places.push(
      join('interactive', () => {
        if (!isOpen) return false
        queue.advance()
        join('interactive', () => true)
        places[1]?.leave()
        return true
      }),
    )
    for (let count = 0; count < 3; count++) places.push(join('interactive', () => isOpen))
    isOpen = true
    queue.advance()
    expect(ids()).toEqual([0, 2, 3, 4])
    expect(queue.length).toBe(0)
  })

  it('hands over what was started for one that left meanwhile, and loses none of the others', () => {
    const { join, queue, ids } = setUp()
    let isOpen = false
    const own: PlaceInQueue = join('interactive', () => {
      if (isOpen) own.leave()
      return isOpen
    })
    join('interactive', () => isOpen)
    isOpen = true
    queue.advance()
    expect(ids()).toEqual([0, 1])
    expect(queue.length).toBe(0)
  })

  it('asks a few times for each of 100,000 that wait or leave', () => {
    const random = seededRandom(7)
    const { join, queue, started } = setUp(Number.POSITIVE_INFINITY)
    let places = 0
    let asked = 0
    const take = (): boolean => {
      asked += 1
      return places > 0 && places-- > 0
    }
    const waiting = Array.from({ length: 100_000 }, (_, id) => join(priorities[id % 2] ?? 'interactive', take))
    let left = 0
    for (const place of waiting) {
      if (random() < 0.5) continue
      const before = queue.length
      place.leave()
      left += before - queue.length
    }
    while (queue.length > 0) {
      places = 1
      queue.advance()
    }
    expect(started.length + left).toBe(100_000)
    expect(asked).toBeLessThan(6 * 100_000)
  })
})
