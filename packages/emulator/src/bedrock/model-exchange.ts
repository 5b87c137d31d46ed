import { performance } from 'node:perf_hooks'
import type { Exchange } from '../http/exchange.js'
import type { OutputPlan } from '../output/output-plan.js'
import { type ReadyPiece, runPlans } from '../output/run-plans.js'
import { bedrockHeaders } from './bedrock-headers.js'
import type { BedrockServerState } from './bedrock-server-state.js'
import type { ModelRequest } from './model-request.js'

/** A request for a model that may be used, and where to answer it. */
export interface ModelExchange extends ModelRequest {
  readonly exchange: Exchange
  readonly state: BedrockServerState
  /** When the request had arrived, by the process's own clock. */
  readonly startedAt: number
}

/** Puts an answer through the engine. */
export function generate(
  { model, state, exchange }: ModelExchange,
  plan: OutputPlan,
  promptTokens: number,
): AsyncGenerator<ReadyPiece> {
  state.metrics.countInput(model.id, promptTokens)
  const meter = state.metrics.meter(model.id)
  return runPlans({ plans: [plan], promptTokens, engine: state.engine, meter, signal: exchange.reply.signal })
}

/** How long a request has taken so far, in whole milliseconds, at least 1. */
export function latencyMs({ startedAt }: ModelExchange): number {
  return Math.max(1, Math.round(performance.now() - startedAt))
}

/** Sends a whole JSON answer. */
export function sendAnswer(
  { exchange, state, model }: ModelExchange,
  body: string,
  headers: readonly (readonly [string, string])[] = [],
): Promise<void> {
  state.metrics.countRequest(model.id, 200)
  const type = ['Content-Type', 'application/json'] as const
  return exchange.reply.send(200, [...bedrockHeaders(state), type, ...headers], body)
}

/** Sends the head of a stream of frames. */
export function startFrames(
  { exchange, state, model }: ModelExchange,
  headers: readonly (readonly [string, string])[] = [],
): Promise<void> {
  state.metrics.countRequest(model.id, 200)
  const type = ['Content-Type', 'application/vnd.amazon.eventstream'] as const
  return exchange.reply.start(200, [...bedrockHeaders(state), type, ...headers])
}
