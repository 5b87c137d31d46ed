import type { Limits } from './config-object.js'

/** The largest values that numbers of a configuration may have. They are far above any model: beyond them it is a slip. */
export const limits = {
  layers: { least: 1, largest: 1000 },
  hiddenSize: { least: 1, largest: 2 ** 20 },
  intermediateSize: { least: 1, largest: 2 ** 24 },
  heads: { least: 1, largest: 4096 },
  headSize: { least: 1, largest: 8192 },
  vocabularySize: { least: 1, largest: 2 ** 24 },
  positions: { least: 1, largest: 2 ** 30 },
  experts: { least: 0, largest: 2 ** 16 },
  layerIndex: { least: 0, largest: 1000 },
} satisfies Readonly<Record<string, Limits>>
