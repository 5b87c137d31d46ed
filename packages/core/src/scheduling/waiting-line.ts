/** What stands in a line, and between whom: only the line touches this. */
export interface InLine<Item> {
  previous: Item | undefined
  next: Item | undefined
}

/** First come, first served; from any place one leaves in a single step, and nothing of it is kept. */
export class WaitingLine<Item extends InLine<Item>> {
  #first: Item | undefined
  #last: Item | undefined
  #length = 0

  /** How many wait. */
  get length(): number {
    return this.#length
  }

  /** The one whose turn it is. */
  get first(): Item | undefined {
    return this.#first
  }

  /** Joins at the end. */
  add(item: Item): void {
    item.previous = this.#last
    if (this.#last === undefined) this.#first = item
    else this.#last.next = item
    this.#last = item
    this.#length += 1
  }

  /** Leaves; it must be in this line. */
  remove(item: Item): void {
    const { previous, next } = item
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    item.previous = undefined
    item.next = undefined
    this.#length -= 1
  }
}
