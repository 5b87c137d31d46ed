import type { PerformanceFigures, RequestLoad } from './performance-figures.js'
import { promptMs } from './prefill-schedule.js'
import type { StepTimeModel } from './step-time-model.js'

/** Figures of a server that requests reach at a steady rate. */
export interface SteadyPerformance extends PerformanceFigures {
  /** Requests in the server on average, waiting ones included. */
  readonly concurrency: number
}

// Beyond it the mean wait says nothing: it would take hours of steady load to settle.
const highestUtilisation = 0.99

/** The rate, in requests per second, above which the queue of a server grows without end. */
export function steadyCapacity(model: StepTimeModel, load: RequestLoad): number {
  return (1000 * load.runningLimit) / serviceMs(serviceOf(model, load), load.runningLimit)
}

/**
 * Requests that arrive at random moments at a mean rate. By Little's law the number in service is rate × service time,
 * and the service time grows with that number: the fixed point is where both agree. From the capacity on, the figures are
 * those just below it.
 */
export function steadyPerformance(
  model: StepTimeModel,
  requestsPerSecond: number,
  load: RequestLoad,
): SteadyPerformance {
  const { outputTokens, runningLimit } = load
  const service = serviceOf(model, load)
  const capacity = steadyCapacity(model, load)
  const utilisation = Math.min(requestsPerSecond / capacity, highestUtilisation)
  const rate = utilisation * capacity
  const running = runningAt(rate, service, runningLimit)
  const placeMs = queueMs(utilisation, runningLimit, serviceMs(service, running))
  const prefillQueueMs = queueMs((rate * service.prefillMs) / 1000, 1, service.prefillMs)
  const timeToFirstTokenMs = placeMs + prefillQueueMs + service.firstTokenMs(running)
  const interTokenLatencyMs = service.interTokenMs(running)
  const secondsPerRequest = (timeToFirstTokenMs + (outputTokens - 1) * interTokenLatencyMs) / 1000
  return {
    secondsPerRequest,
    tokensPerSecondPerRequest: outputTokens / secondsPerRequest,
    // A steady stream has no last response.
    totalSeconds: secondsPerRequest,
    totalTokensPerSecond: Math.min(requestsPerSecond, capacity) * outputTokens,
    timeToFirstTokenMs,
    interTokenLatencyMs,
    concurrency: rate * secondsPerRequest,
  }
}

/** What one request meets while `running` of them are in service, itself included. */
interface Service {
  readonly steps: number
  readonly prefillMs: number
  readonly firstTokenMs: (running: number) => number
  readonly interTokenMs: (running: number) => number
}

// During its stay every other running request is replaced once, and the steps that read their prompts delay its tokens.
function serviceOf(model: StepTimeModel, load: RequestLoad): Service {
  const { promptTokens, outputTokens, tokensPerStep } = load
  const { requestOverheadMs } = model.profile.constants
  const steps = outputTokens - 1
  const prefillMs = promptMs(model, promptTokens, tokensPerStep)
  const stepMs = (running: number) => model.decodeStepMs(running, running * (promptTokens + outputTokens / 2))
  return {
    steps,
    prefillMs,
    // It arrives in the middle of a step.
    firstTokenMs: (running) => requestOverheadMs.value + (running > 1 ? stepMs(running) / 2 : 0) + prefillMs,
    interTokenMs: (running) => stepMs(running) + ((running - 1) * prefillMs) / Math.max(1, steps),
  }
}

// A response of one token waits for the other prompts too: it has no step, but a place among them.
function serviceMs({ steps, firstTokenMs, interTokenMs }: Service, running: number): number {
  return firstTokenMs(running) + Math.max(1, steps) * interTokenMs(running)
}

// A request that arrives finds as many in service as there are on average. The rate that a number of them stands for
// grows with the number, so that halving finds it.
function runningAt(rate: number, service: Service, runningLimit: number): number {
  let low = 0
  let high = runningLimit - 1
  for (let step = 0; step < 60 && high - low > 1e-9 * high; step += 1) {
    const others = (low + high) / 2
    if ((1000 * others) / serviceMs(service, 1 + others) < rate) low = others
    else high = others
  }
  return 1 + (low + high) / 2
}

/**
 * Mean wait for a place among `places` that serve at the same pace, at a share `utilisation` of their capacity, for
 * requests of equal length that arrive at random: Sakasegawa's approximation, halved because lengths do not vary.
 */
function queueMs(utilisation: number, places: number, atATimeMs: number): number {
  const exponent = Math.sqrt(2 * (places + 1)) - 1
  return (atATimeMs * utilisation ** exponent) / (2 * places * (1 - utilisation))
}
