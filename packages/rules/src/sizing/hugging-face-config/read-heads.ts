import type { LatentAttention } from '../model-architecture.js'
import { contradiction, fieldOf, findFlag, findNumber, missing, needNumber } from './config-object.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'

/** Heads of ordinary attention. */
export interface Heads {
  readonly attentionHeads: number
  readonly keyValueHeads: number
  readonly headSize: number
}

/** Reads the heads. Throws when they do not divide. */
export function readHeads(config: ModelConfig, hiddenSize: number, latent: LatentAttention | undefined): Heads {
  const { text, names, family } = config
  const attentionHeads =
    findNumber(text, names.attentionHeads, limits.heads) ??
    family.defaults?.attentionHeads ??
    missing(text, names.attentionHeads)
  const keyValueHeads = readKeyValueHeads(config, attentionHeads, latent !== undefined)
  if (attentionHeads % keyValueHeads !== 0)
    throw contradiction(
      fieldOf(text, names.keyValueHeads[0] ?? ''),
      `${attentionHeads} query heads cannot be divided among ${keyValueHeads} key and value heads.`,
    )
  // With latent attention, `head_dim` is that of the part with position, or absent.
  const headSize =
    latent === undefined
      ? readHeadSize(config, hiddenSize, attentionHeads)
      : latent.qkNopeHeadSize + latent.qkRopeHeadSize
  return { attentionHeads, keyValueHeads, headSize }
}

function readKeyValueHeads(config: ModelConfig, attentionHeads: number, isLatent: boolean): number {
  const { text, names, family } = config
  if (config.modelType === 'chatglm') return chatglmHeads(config, attentionHeads)
  const isMultiQuery = findFlag(text, ['multi_query'])
  // Falcon's second generation ignores that field, and with it the first one ignores the number.
  if (isMultiQuery === true && findFlag(text, ['new_decoder_architecture']) !== true) return 1
  const heads = findNumber(text, names.keyValueHeads, limits.heads) ?? family.defaults?.keyValueHeads
  if (heads !== undefined) return heads
  return isLatent || family.isMultiHead === true || isMultiQuery === false
    ? attentionHeads
    : missing(text, names.keyValueHeads)
}

function chatglmHeads({ text }: ModelConfig, attentionHeads: number): number {
  const isShared = findFlag(text, ['multi_query_attention']) === true
  return isShared ? needNumber(text, ['multi_query_group_num'], limits.heads) : attentionHeads
}

function readHeadSize({ text, names, family }: ModelConfig, hiddenSize: number, attentionHeads: number): number {
  const headSize = findNumber(text, names.headSize, limits.headSize) ?? family.defaults?.headSize
  if (headSize !== undefined) return headSize
  if (hiddenSize % attentionHeads === 0) return hiddenSize / attentionHeads
  throw contradiction(
    fieldOf(text, names.attentionHeads[0] ?? ''),
    `A hidden size of ${hiddenSize} cannot be divided among ${attentionHeads} heads, and ${fieldOf(text, 'head_dim')} is not there.`,
  )
}
