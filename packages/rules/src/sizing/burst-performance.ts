import type { PerformanceFigures, RequestLoad } from './performance-figures.js'
import { prefillSchedule } from './prefill-schedule.js'
import type { StepTimeModel } from './step-time-model.js'

/**
 * Requests sent at once to an idle server, which is how the documented response times were measured. Prompts are read
 * first; then every running request gets a token per step until its response ends. Beyond the running limit, one starts
 * whenever another ends.
 */
export function burstPerformance(model: StepTimeModel, concurrency: number, load: RequestLoad): PerformanceFigures {
  const { promptTokens, outputTokens, runningLimit, tokensPerStep } = load
  const { burstOccupancy, burstTail, requestOverheadMs } = model.profile.constants
  const started = Math.min(concurrency, runningLimit)
  const prefill = prefillSchedule(model, started, promptTokens, tokensPerStep)
  const running = 1 + burstOccupancy.value * (started - 1)
  const interTokenLatencyMs = model.decodeStepMs(running, running * (promptTokens + outputTokens / 2))
  const serviceMs = requestOverheadMs.value + prefill.lastMs + (outputTokens - 1) * interTokenLatencyMs
  const rounds = concurrency / started
  // The mean of (x − 1) over starts x spread evenly up to `rounds`, those below 1 being at once.
  const waitMs = (serviceMs * (rounds - 1) ** 2) / (2 * rounds)
  const tail = 1 + (burstTail.value - 1) * (1 - 1 / started)
  const secondsPerRequest = (waitMs + serviceMs) / 1000
  const totalSeconds = (serviceMs * (rounds - 1 + tail)) / 1000
  return {
    secondsPerRequest,
    tokensPerSecondPerRequest: outputTokens / secondsPerRequest,
    totalSeconds,
    totalTokensPerSecond: (concurrency * outputTokens) / totalSeconds,
    timeToFirstTokenMs: waitMs + requestOverheadMs.value + prefill.meanMs,
    interTokenLatencyMs,
  }
}
