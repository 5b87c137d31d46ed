import type { LatentAttention } from '../model-architecture.js'
import { findNumber, has, missing, needNumber } from './config-object.js'
import { limits } from './limits.js'
import type { ModelConfig } from './model-config.js'

/** Multi-head latent attention, where `kv_lora_rank` says that the model has it. */
export function readLatentAttention({ text, family }: ModelConfig): LatentAttention | undefined {
  const kvLoraRank = findNumber(text, ['kv_lora_rank'], limits.hiddenSize)
  if (kvLoraRank === undefined) return family.hasLatentAttention === true ? missing(text, ['kv_lora_rank']) : undefined
  const queryLoraRank = findNumber(text, ['q_lora_rank'], limits.hiddenSize)
  const size = (name: string) => needNumber(text, [name], limits.headSize)
  return {
    kvLoraRank,
    ...(queryLoraRank === undefined ? {} : { queryLoraRank }),
    qkNopeHeadSize: size('qk_nope_head_dim'),
    qkRopeHeadSize: size('qk_rope_head_dim'),
    valueHeadSize: size('v_head_dim'),
    ...(has(text, 'index_n_heads')
      ? { indexer: { heads: needNumber(text, ['index_n_heads'], limits.heads), headSize: size('index_head_dim') } }
      : {}),
  }
}
