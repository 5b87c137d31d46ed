import { performance } from 'node:perf_hooks'
import type { OutputPlan } from '../output/output-plan.js'
import type { GenerationMeter } from '../output/run-plans.js'
import type { VllmServerState } from './vllm-server-state.js'

/** A meter that feeds a server's Prometheus metrics. */
export function startVllmMeter(
  plans: readonly OutputPlan[],
  promptTokens: number,
  { metrics }: VllmServerState,
): GenerationMeter {
  const start = performance.now()
  let scheduledAt = start
  let firstToken: number | undefined
  let lastToken = start
  let generated = 0
  const secondsFrom = (from: number) => (performance.now() - from) / 1000
  return {
    scheduled(): void {
      scheduledAt = performance.now()
    },
    step(tokens: number): void {
      if (firstToken === undefined) {
        firstToken = performance.now()
        metrics.promptTokens += promptTokens
        metrics.timeToFirstToken.observe(secondsFrom(start))
        metrics.prefill.observe(secondsFrom(scheduledAt))
      } else {
        metrics.interTokenLatency.observe(secondsFrom(lastToken))
      }
      lastToken = performance.now()
      generated += tokens
      metrics.generationTokens += tokens
    },
    finish(completed: boolean): void {
      if (!completed) {
        metrics.finished.abort += plans.length
        return
      }
      for (const { finishReason } of plans) metrics.finished[finishReason === 'length' ? 'length' : 'stop'] += 1
      metrics.endToEnd.observe(secondsFrom(start))
      metrics.inference.observe(secondsFrom(scheduledAt))
      metrics.queue.observe((scheduledAt - start) / 1000)
      metrics.decode.observe(secondsFrom(firstToken ?? start))
      metrics.requestPromptTokens.observe(promptTokens)
      metrics.requestGenerationTokens.observe(generated)
    },
  }
}
