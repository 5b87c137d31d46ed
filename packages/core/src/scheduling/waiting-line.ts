/** Gone places are swept out when there are so many and they are half of all. */
const leastToSweep = 32

/** First come, first served. One that leaves in the middle is marked and passed over when its turn comes. */
export class WaitingLine<Item extends { readonly isGone: boolean }> {
  #items: Item[] = []
  #head = 0
  #length = 0

  /** How many wait. */
  get length(): number {
    return this.#length
  }

  /** The one whose turn it is. */
  get first(): Item | undefined {
    return this.#items[this.#head]
  }

  /** Joins at the end. */
  add(item: Item): void {
    this.#items.push(item)
    this.#length += 1
  }

  /** The first one has gone on. */
  removeFirst(): void {
    this.#length -= 1
    this.#head += 1
    this.#passGone()
  }

  /** One that was marked as gone no longer counts. */
  forget(item: Item): void {
    this.#length -= 1
    if (this.first === item) this.#passGone()
    else if (this.#items.length - this.#head > 2 * this.#length + leastToSweep) this.#sweep()
  }

  #passGone(): void {
    while (this.#items[this.#head]?.isGone === true) this.#head += 1
    if (this.#head < leastToSweep || this.#head * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }

  #sweep(): void {
    this.#items = this.#items.filter((item, index) => index >= this.#head && !item.isGone)
    this.#head = 0
  }
}
