/** How thorough a run is. */
export interface BenchmarkOptions {
  /** Fewer and shorter repetitions: shows that everything works, not how fast it is. */
  readonly quick: boolean
  /** Whether the plots of `docs/` are written too, where the area has some. @default false */
  readonly plots?: boolean
}

/** One row of a result: what was measured, against what. */
export interface BenchmarkRow {
  readonly name: string
  /** What is wanted; absent where the row is only there for comparison. */
  readonly target?: string
  /** The figure of every column, as text with its unit. */
  readonly cells: readonly string[]
}

/** One table of results. */
export interface BenchmarkTable {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly BenchmarkRow[]
}

/** One area that is measured; the file is named after it. */
export interface Benchmark {
  readonly name: string
  run(options: BenchmarkOptions): Promise<readonly BenchmarkTable[]>
}
