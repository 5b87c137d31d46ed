/** What can stand in an {@link OrderedQueue}. */
export interface Queueable {
  /** Position in the queue; only the queue changes it. */
  queueIndex: number
  /** Whether it goes before another one. */
  precedes(other: this): boolean
}

/** Items by their own order, the first one in front: a binary heap in which each knows its place and may leave from anywhere. */
export class OrderedQueue<Item extends Queueable> {
  readonly #heap: Item[] = []

  get size(): number {
    return this.#heap.length
  }

  get first(): Item | undefined {
    return this.#heap[0]
  }

  add(item: Item): void {
    this.#rise(item, this.#heap.length)
  }

  remove(item: Item): void {
    const index = item.queueIndex
    const last = this.#heap.pop()
    item.queueIndex = -1
    if (last === undefined || last === item) return
    this.#rise(last, index)
    this.#sink(last, last.queueIndex)
  }

  #put(item: Item, index: number): void {
    this.#heap[index] = item
    item.queueIndex = index
  }

  #rise(item: Item, from: number): void {
    let index = from
    while (index > 0) {
      const parent = this.#heap[(index - 1) >> 1]
      if (parent === undefined || !item.precedes(parent)) break
      const next = parent.queueIndex
      this.#put(parent, index)
      index = next
    }
    this.#put(item, index)
  }

  #sink(item: Item, from: number): void {
    let index = from
    for (;;) {
      const child = this.#firstOf(2 * index + 1, 2 * index + 2)
      if (child === undefined || !child.precedes(item)) break
      const next = child.queueIndex
      this.#put(child, index)
      index = next
    }
    this.#put(item, index)
  }

  #firstOf(left: number, right: number): Item | undefined {
    const a = this.#heap[left]
    const b = this.#heap[right]
    return a !== undefined && b?.precedes(a) ? b : a
  }
}
