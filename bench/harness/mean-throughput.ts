import type { ThroughputSample } from '../../packages/core/src/testing/simulate-throughput.js'

/** Tokens per second from a moment on. */
export function meanThroughput(samples: readonly ThroughputSample[], fromMs: number): number {
  const measured = samples.filter(({ atMs }) => atMs > fromMs)
  return measured.reduce((sum, { outputTokensPerSecond }) => sum + outputTokensPerSecond, 0) / measured.length
}
