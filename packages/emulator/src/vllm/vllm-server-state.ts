import type { Respond } from '../answer.js'
import type { RealTimeEngine } from '../engine/real-time-engine.js'
import type { Random } from '../random.js'
import type { VllmBehaviour } from './vllm-behaviour.js'
import type { VllmMetrics } from './vllm-metrics.js'

/** Everything the endpoints of one emulated vLLM server share. */
export interface VllmServerState {
  readonly behaviour: VllmBehaviour
  /** Hugging Face id of the model. */
  readonly model: string
  /** Names the server answers to; the first one stands in responses to requests without a model. */
  readonly servedModelNames: readonly [string, ...string[]]
  /** Longest prompt and output together, in tokens. */
  readonly maxModelLength: number
  readonly apiKeys: readonly string[]
  /** Whether the server runs with `--enable-auto-tool-choice` and a tool-call parser. */
  readonly autoToolChoice: boolean
  readonly seed: number
  readonly respond: Respond | undefined
  readonly engine: RealTimeEngine
  readonly metrics: VllmMetrics
  /** Source of response ids. */
  readonly ids: Random
  /** When the server started, in seconds since 1970. */
  readonly startedAtSeconds: number
}
