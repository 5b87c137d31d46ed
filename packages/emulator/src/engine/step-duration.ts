import type { StepTimeModel } from '@duo-models/rules'

/** What one step of the engine does, summed over its sequences. */
export interface StepWork {
  /** Sequences that get a token after one that was written before. */
  decoding: number
  /** Tokens that these have in the cache. */
  contextTokens: number
  /** Sequences of whose prompts a piece is read. */
  reading: number
  /** Tokens read. */
  readTokens: number
  /** Pairs of a token read and one that it looks at, counted as the model does: half of a piece's own. */
  readPairs: number
}

/**
 * How long a step takes on the machine, in milliseconds.
 *
 * The model takes pieces of one prompt beside decoding. Several pieces are handed over as one that has the tokens and
 * the pairs of all; what each further piece costs by itself is added. With one piece, both give the same.
 */
export function stepDurationMs(model: StepTimeModel, work: StepWork): number {
  const { decoding, contextTokens, reading, readTokens, readPairs } = work
  if (reading === 0) return model.decodeStepMs(decoding, contextTokens)
  const cached = readPairs / readTokens - readTokens / 2
  const overheadMs = ((reading - 1) * model.profile.constants.sequenceOverheadUs.value) / 1000
  return model.mixedStepMs(decoding, contextTokens, readTokens, cached) + overheadMs
}
