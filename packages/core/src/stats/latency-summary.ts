/** Some measured times in figures, in milliseconds. Percentiles are within one per cent of the measured ones. */
export interface LatencySummary {
  /** How many were measured. With 0 there is nothing else. */
  readonly count: number
  /** The exact mean. */
  readonly mean?: number
  /** Half of them took no longer. */
  readonly p50?: number
  readonly p95?: number
  readonly p99?: number
  /** The exact longest. */
  readonly max?: number
}
