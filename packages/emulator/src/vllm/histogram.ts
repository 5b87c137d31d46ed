/** A Prometheus histogram. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #count = 0
  #sum = 0

  /** `bounds` are the upper limits of the buckets, ascending, without +Inf. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  get count(): number {
    return this.#count
  }

  get sum(): number {
    return this.#sum
  }

  observe(value: number): void {
    this.#count += 1
    this.#sum += value
    const bucket = this.#bounds.findIndex((bound) => value <= bound)
    const before = this.#counts[bucket]
    if (before !== undefined) this.#counts[bucket] = before + 1
  }

  /** Cumulative counts by upper limit, `+Inf` last. */
  buckets(): readonly (readonly [bound: string, count: number])[] {
    let total = 0
    const bounded = this.#bounds.map((bound, index) => {
      total += this.#counts[index] ?? 0
      return [Number.isInteger(bound) ? bound.toFixed(1) : String(bound), total] as const
    })
    return [...bounded, ['+Inf', this.#count]]
  }
}
