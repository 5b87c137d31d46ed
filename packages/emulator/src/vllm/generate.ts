import type { EngineSequence } from '../engine/engine.js'
import { tokenBlockKeys } from '../engine/token-block-keys.js'
import { type OutputPlan, pieceToken } from '../output/output-plan.js'
import { type ReadyPiece, runPlans } from '../output/run-plans.js'
import type { ChatRequest } from './chat-request.js'
import type { CompletionsRequest } from './completions-request.js'
import { startVllmMeter } from './vllm-meter.js'
import type { VllmServerState } from './vllm-server-state.js'

/** What a request is to the engine: `n` samples of each prompt, those of the first prompt first. */
export interface EngineWork {
  /** The tokens of each prompt. */
  readonly prompts: readonly (readonly number[])[]
  readonly n: number
  readonly priority: number
}

/** The work of a chat request. */
export function chatWork({ promptTokenIds, sampling }: ChatRequest): EngineWork {
  return { prompts: [promptTokenIds], n: sampling.n, priority: sampling.priority }
}

/** The work of a completions request. */
export function completionsWork({ prompts, sampling }: CompletionsRequest): EngineWork {
  return { prompts: prompts.map(({ tokenIds }) => tokenIds), n: sampling.n, priority: sampling.priority }
}

/** Puts plans through the server's engine and counts them in its metrics. */
export function generate(
  plans: readonly OutputPlan[],
  { prompts, n, priority }: EngineWork,
  state: VllmServerState,
  signal: AbortSignal,
): AsyncGenerator<ReadyPiece> {
  const { engine } = state
  const promptTokens = prompts.reduce((sum, { length }) => sum + length, 0)
  const meter = startVllmMeter(plans, promptTokens, state)
  const sequences = plans.map((plan, index) => sequenceOf(plan, prompts[Math.floor(index / n)] ?? [], state))
  return runPlans({ plans, promptTokens, sequences, priority, engine, meter, signal })
}

function sequenceOf({ pieces }: OutputPlan, prompt: readonly number[], { engine }: VllmServerState): EngineSequence {
  const { enablePrefixCaching, blockSize } = engine.settings
  const lengths = { promptTokens: Math.max(1, prompt.length), outputTokens: pieces.length }
  if (!enablePrefixCaching) return lengths
  // What is written stays in the cache too, where the next turn of a conversation finds it.
  return { ...lengths, blockKey: tokenBlockKeys([...prompt, ...pieces.map(pieceToken)], blockSize) }
}
