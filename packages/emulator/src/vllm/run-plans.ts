import { performance } from 'node:perf_hooks'
import type { OutputPiece, OutputPlan } from './output-plan.js'
import type { VllmServerState } from './vllm-server-state.js'

/** A token that became ready. */
export interface ReadyPiece {
  /** Which plan it belongs to. */
  readonly index: number
  readonly piece: OutputPiece
  /** Position of the token in its plan. */
  readonly position: number
  readonly isLast: boolean
}

/** Puts plans through the engine and yields their tokens as they become ready, counting everything on the way. */
export async function* runPlans(
  plans: readonly OutputPlan[],
  promptTokens: number,
  state: VllmServerState,
  signal: AbortSignal,
): AsyncGenerator<ReadyPiece> {
  const meter = startMeter(plans, promptTokens, state)
  const positions = plans.map(() => 0)
  const outputTokens = plans.map(({ pieces }) => pieces.length)
  let completed = false
  try {
    for await (const step of state.engine.generate({ promptTokens, outputTokens, signal })) {
      meter.step(step.length)
      for (const index of step) {
        const position = positions[index] ?? 0
        positions[index] = position + 1
        const pieces = plans[index]?.pieces ?? []
        const piece = pieces[position]
        if (piece !== undefined) yield { index, piece, position, isLast: position === pieces.length - 1 }
      }
    }
    completed = true
  } finally {
    meter.finish(completed)
  }
}

function startMeter(plans: readonly OutputPlan[], promptTokens: number, { metrics }: VllmServerState) {
  const start = performance.now()
  let firstToken: number | undefined
  let lastToken = start
  let generated = 0
  const secondsFrom = (from: number) => (performance.now() - from) / 1000
  return {
    step(tokens: number): void {
      if (firstToken === undefined) {
        firstToken = performance.now()
        metrics.promptTokens += promptTokens
        metrics.timeToFirstToken.observe(secondsFrom(start))
        metrics.prefill.observe(secondsFrom(start))
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
      metrics.inference.observe(secondsFrom(start))
      metrics.queue.observe(0)
      metrics.decode.observe(secondsFrom(firstToken ?? start))
      metrics.requestPromptTokens.observe(promptTokens)
      metrics.requestGenerationTokens.observe(generated)
    },
  }
}
