import { type ConfigObject, findList } from './config-object.js'

const listNames = ['ignore', 'modules_to_not_convert', 'exclude_modules', 'ignored_layers']

// All of attention, or one of its large projections: not a norm or an indexer inside of it.
const attention = /(?<![a-z_])(?:self_attn|attention|attn)(?:\.(?:q|k|v|o|qkv|q_a|q_b|kv_b)_proj)?[\W_]*$/

// Parts that are no layers of the decoder.
const otherParts = /vision|visual|vit\b|image|audio|projector|mtp/

/** Whether a quantised model leaves the attention of most layers as it was. */
export function ignoresAttention(settings: ConfigObject, layers: number): boolean {
  const entries = listNames.flatMap((name) => findList(settings, name) ?? [])
  const names = entries.filter((entry) => typeof entry === 'string')
  const ignored = names.filter((name) => attention.test(name) && !otherParts.test(name))
  const indices = new Set(ignored.map((name) => /\.(\d+)\./.exec(name)?.[1]))
  // A name without a number is for all layers.
  return indices.has(undefined) || indices.size * 2 > layers
}
