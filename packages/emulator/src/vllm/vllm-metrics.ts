import { Histogram } from './histogram.js'

/** How a request ended, in the words of vLLM's `finished_reason` label. */
export type FinishedReason = 'stop' | 'length' | 'abort' | 'error'

const latencyBuckets = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680]
const firstTokenBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
]
const perTokenBuckets = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80]
const tokenBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]

/** What an emulated vLLM server counts. */
export class VllmMetrics {
  promptTokens = 0
  generationTokens = 0
  readonly finished: Record<FinishedReason, number> = { stop: 0, length: 0, abort: 0, error: 0 }
  readonly timeToFirstToken = new Histogram(firstTokenBuckets)
  readonly interTokenLatency = new Histogram(perTokenBuckets)
  readonly endToEnd = new Histogram(latencyBuckets)
  readonly prefill = new Histogram(latencyBuckets)
  readonly decode = new Histogram(latencyBuckets)
  readonly queue = new Histogram(latencyBuckets)
  readonly inference = new Histogram(latencyBuckets)
  readonly requestPromptTokens = new Histogram(tokenBuckets)
  readonly requestGenerationTokens = new Histogram(tokenBuckets)
}
