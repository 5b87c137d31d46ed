import type { StepTimeModel } from './step-time-model.js'

/** When prompts that arrive together have been read, in milliseconds from then. */
export interface PrefillSchedule {
  /** Mean over the prompts. */
  readonly meanMs: number
  /** The last one. */
  readonly lastMs: number
}

/**
 * Reads prompts of one length in the order they came: as many as fit into a step at once, a longer one in pieces.
 * `tokensPerStep` is vLLM's `--max-num-batched-tokens`.
 */
export function prefillSchedule(
  model: StepTimeModel,
  prompts: number,
  promptTokens: number,
  tokensPerStep: number,
): PrefillSchedule {
  if (promptTokens > tokensPerStep) {
    const each = promptMs(model, promptTokens, tokensPerStep)
    return { meanMs: (each * (prompts + 1)) / 2, lastMs: each * prompts }
  }
  const together = Math.max(1, Math.floor(tokensPerStep / promptTokens))
  const rounds = Math.floor(prompts / together)
  const rest = prompts - rounds * together
  const roundMs = rounds === 0 ? 0 : model.prefillMs(together * promptTokens, together)
  const restMs = rest === 0 ? 0 : model.prefillMs(rest * promptTokens, rest)
  const lastMs = rounds * roundMs + restMs
  const sumMs = (together * roundMs * rounds * (rounds + 1)) / 2 + rest * lastMs
  return { meanMs: sumMs / prompts, lastMs }
}

/** One prompt on an idle server, in pieces where it is longer than a step. */
export function promptMs(model: StepTimeModel, promptTokens: number, tokensPerStep: number): number {
  let ms = 0
  for (let read = 0; read < promptTokens; read += tokensPerStep)
    ms += model.prefillMs(Math.min(tokensPerStep, promptTokens - read), 1, read)
  return ms
}
