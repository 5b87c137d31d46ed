import type { Engine, EngineSequence } from '../engine/engine.js'
import type { OutputPiece, OutputPlan } from './output-plan.js'

/** A token that became ready. */
export interface ReadyPiece {
  /** Which plan it belongs to. */
  readonly index: number
  readonly piece: OutputPiece
  /** Position of the token in its plan. */
  readonly position: number
  readonly isLast: boolean
}

/** Counts what one request generates. */
export interface GenerationMeter {
  /** Work on the request has begun. */
  scheduled?(): void
  /** So many tokens became ready at once. */
  step(tokens: number): void
  /** The request is over; not `completed` when the client left. */
  finish(completed: boolean): void
}

/** What generation needs to know about one request. */
export interface GenerationJob {
  readonly plans: readonly OutputPlan[]
  /** Tokens of the prompt that every plan answers. */
  readonly promptTokens: number
  /** What the engine is told of each plan, where prompts differ or may share cache. */
  readonly sequences?: readonly EngineSequence[] | undefined
  /** Lower values go first, where the engine schedules by priority. */
  readonly priority?: number | undefined
  readonly engine: Engine
  readonly meter: GenerationMeter
  readonly signal: AbortSignal
}

/** Puts plans through the engine and yields their tokens as they become ready, counting everything on the way. */
export async function* runPlans({
  plans,
  promptTokens,
  sequences = plans.map(({ pieces }) => ({ promptTokens, outputTokens: pieces.length })),
  priority,
  engine,
  meter,
  signal,
}: GenerationJob): AsyncGenerator<ReadyPiece> {
  const positions = plans.map(() => 0)
  let completed = false
  try {
    const onScheduled = () => meter.scheduled?.()
    for await (const step of engine.generate({ sequences, priority, signal, onScheduled })) {
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
