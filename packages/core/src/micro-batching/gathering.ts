import type { Clock } from '../scheduling/clock.js'

/** How long and how many are gathered. */
export interface GatheringLimits {
  /** Most items that go together. */
  readonly maxSize: number
  /** Longest time an item waits for others, in milliseconds. */
  readonly maxWaitMs: number
  /** Most weight that goes together; an item that is heavier goes alone. */
  readonly maxWeight: number
}

/** Items of one kind that wait to go together. */
interface Group<Item> {
  readonly items: Item[]
  weight: number
  readonly stopTimer: () => void
}

/**
 * Gathers items that may go together: until enough are there, the first has waited long enough, or somebody says that
 * there is no reason to wait. It knows nothing of what they are.
 */
export class Gathering<Item> {
  readonly #limits: GatheringLimits
  readonly #clock: Clock
  readonly #send: (items: readonly Item[]) => void
  readonly #groups = new Map<string, Group<Item>>()

  /** @param send takes items that go together, at least one, in the order they came */
  constructor(limits: GatheringLimits, clock: Clock, send: (items: readonly Item[]) => void) {
    this.#limits = limits
    this.#clock = clock
    this.#send = send
  }

  /** Lets an item wait for others with the same key. It may be sent before this returns. */
  add(key: string, item: Item, weight: number): void {
    const { maxSize, maxWeight } = this.#limits
    if ((this.#groups.get(key)?.weight ?? 0) + weight > maxWeight) this.#release(key)
    const group = this.#groups.get(key) ?? this.#open(key)
    group.items.push(item)
    group.weight += weight
    if (group.items.length >= maxSize) this.#release(key)
  }

  /** Takes back an item that waits. */
  remove(key: string, item: Item): void {
    const group = this.#groups.get(key)
    const place = group?.items.indexOf(item) ?? -1
    if (group === undefined || place === -1) return
    group.items.splice(place, 1)
    if (group.items.length === 0) this.#close(key, group)
  }

  /** Sends all that wait. */
  releaseAll(): void {
    for (const key of [...this.#groups.keys()]) this.#release(key)
  }

  #open(key: string): Group<Item> {
    const stopTimer = this.#clock.setTimer(this.#limits.maxWaitMs, () => this.#release(key))
    const group = { items: [], weight: 0, stopTimer }
    this.#groups.set(key, group)
    return group
  }

  #release(key: string): void {
    const group = this.#groups.get(key)
    if (group === undefined) return
    this.#close(key, group)
    this.#send(group.items)
  }

  #close(key: string, group: Group<Item>): void {
    group.stopTimer()
    this.#groups.delete(key)
  }
}
