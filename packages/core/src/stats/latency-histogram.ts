import type { LatencySummary } from './latency-summary.js'

/** Half the width of a bucket, as a share of its value: how far a percentile may be off. */
const relativeError = 0.01
const growth = (1 + relativeError) / (1 - relativeError)
const logGrowth = Math.log(growth)
const shortestMs = 0.001
/** Twelve days. */
const longestMs = 1e9
const firstBucket = bucketOf(shortestMs)
const bucketCount = bucketOf(longestMs) - firstBucket + 1

function bucketOf(valueMs: number): number {
  return Math.ceil(Math.log(valueMs) / logGrowth)
}

/**
 * Percentiles of any number of times in fixed memory: buckets whose width grows with their value, as in DDSketch
 * (Masson, Rim, Lee: VLDB 2019). Times below a microsecond count as one.
 */
export class LatencyHistogram {
  #buckets: Float64Array | undefined
  #count = 0
  #sum = 0
  #max = 0

  /** Adds a time in milliseconds; what is no number of at least 0 is left out. */
  add(valueMs: number): void {
    if (!(valueMs >= 0 && valueMs < Number.POSITIVE_INFINITY)) return
    // Made with the first value: most replicas' streams are never measured.
    this.#buckets ??= new Float64Array(bucketCount)
    const index = valueMs <= shortestMs ? 0 : bucketOf(Math.min(valueMs, longestMs)) - firstBucket
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1
    this.#count += 1
    this.#sum += valueMs
    if (valueMs > this.#max) this.#max = valueMs
  }

  /**
   * The nearest-rank percentile, within one per cent; `undefined` where nothing was measured.
   * @param share from 0 to 1: 0.95 is the 95th percentile
   */
  percentile(share: number): number | undefined {
    if (this.#buckets === undefined) return undefined
    const rank = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    for (let index = 0; index < bucketCount; index++) {
      seen += this.#buckets[index] ?? 0
      if (seen >= rank) return Math.min(middleOf(index), this.#max)
    }
    return this.#max
  }

  /** The figures people ask for. */
  summarise(): LatencySummary {
    const p50 = this.percentile(0.5)
    const p95 = this.percentile(0.95)
    const p99 = this.percentile(0.99)
    if (p50 === undefined || p95 === undefined || p99 === undefined) return { count: 0 }
    return { count: this.#count, mean: this.#sum / this.#count, p50, p95, p99, max: this.#max }
  }
}

/** The value with the same relative distance to both ends of the bucket. */
function middleOf(index: number): number {
  return (2 * growth ** (index + firstBucket)) / (growth + 1)
}
