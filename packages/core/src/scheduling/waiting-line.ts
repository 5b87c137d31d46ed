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

  /** Places that are remembered, those of gone ones included: what the memory it takes goes by. */
  get places(): number {
    return this.#items.length
  }

  /** Joins at the end. */
  add(item: Item): void {
    this.#items.push(item)
    this.#length += 1
  }

  /** One that waits here was marked as gone, and no longer counts. */
  remove(item: Item): void {
    this.#length -= 1
    if (this.first === item) this.#passGone()
    if (this.#items.length > 2 * this.#length + leastToSweep) this.#sweep()
  }

  #passGone(): void {
    while (this.#items[this.#head]?.isGone === true) this.#head += 1
    // What nobody waits behind is forgotten at once, and with it what the requests hold.
    if (this.#length > 0) return
    this.#items.length = 0
    this.#head = 0
  }

  #sweep(): void {
    this.#items = this.#items.filter((item, index) => index >= this.#head && !item.isGone)
    this.#head = 0
  }
}
