import { showValue } from '../../show-value.js'
import { type ConfigObject, fieldOf, findFlag, findList, findText, has } from './config-object.js'
import { HuggingFaceConfigError } from './hugging-face-config-error.js'

interface Refusal {
  /** What such a model is, after "is". */
  readonly is: string
  readonly modelTypes: readonly string[]
}

const refusals: readonly Refusal[] = [
  {
    is: 'an encoder: it embeds or classifies text and writes none',
    modelTypes: [
      'bert',
      'roberta',
      'xlm-roberta',
      'xlm_roberta',
      'camembert',
      'deberta',
      'deberta-v2',
      'distilbert',
      'albert',
      'electra',
      'mpnet',
      'modernbert',
      'nomic_bert',
      'new',
      'xlnet',
      'luke',
      'codebert',
      'longformer',
      'big_bird',
    ],
  },
  {
    is: 'an encoder with a decoder, which this package does not size',
    modelTypes: [
      't5',
      'mt5',
      'umt5',
      'longt5',
      'bart',
      'mbart',
      'pegasus',
      'whisper',
      'm2m_100',
      'marian',
      'led',
      'switch_transformers',
      'florence2',
    ],
  },
  {
    is: 'a decoder that looks at images through cross-attention, which this package does not size',
    modelTypes: ['mllama'],
  },
  {
    is: 'a model of images or sound alone',
    modelTypes: [
      'vit',
      'clip',
      'siglip',
      'siglip2',
      'dinov2',
      'swin',
      'wav2vec2',
      'hubert',
      'sam',
      'detr',
      'blip',
      'stable-diffusion',
    ],
  },
  {
    is: 'a state-space or hybrid model, whose state this package does not size',
    modelTypes: [
      'mamba',
      'mamba2',
      'falcon_mamba',
      'falcon_h1',
      'jamba',
      'zamba',
      'zamba2',
      'bamba',
      'nemotron_h',
      'granitemoehybrid',
      'rwkv',
      'rwkv5',
      'rwkv6',
      'rwkv7',
      'recurrent_gemma',
      'lfm2',
      'lfm2_moe',
      'plamo2',
      'kimi_linear',
      'minimax',
      'minimax_text_01',
      'minimax_m1',
      'bailing_moe_linear',
      'bailing_hybrid',
      'xlstm',
    ],
  },
]

const otherHeads =
  /For(?:SequenceClassification|TokenClassification|MaskedLM|QuestionAnswering|ImageClassification|Reward)$|RewardModel$/

const embeddingModel = /^(?:Llama|Mistral|Qwen2|Qwen3|Gemma|Gemma2|Gemma3Text|Phi3|Mixtral|GPTNeoX|GPT2)Model$/

// What such a field says changes the memory in a way that is not counted.
const uncountedFields: readonly (readonly [string, string])[] = [
  ['num_kv_shared_layers', 'layers that share their keys and values'],
  ['hidden_size_per_layer_input', 'embeddings per layer'],
  ['block_configs', 'layers of different shapes'],
  ['layers_block_type', 'layers of different kinds'],
  ['hybrid_override_pattern', 'layers of different kinds'],
  ['linear_attn_config', 'linear attention of another kind'],
  ['mamba_d_state', 'state-space layers'],
  ['ssm_cfg', 'state-space layers'],
  ['ssm_state_size', 'state-space layers'],
  ['compress_ratios', 'a compressed cache'],
  ['audio_config', 'an encoder of sound'],
]

/** Throws for a model that is no decoder, or one with parts that nothing here can count. */
export function refuseUnsupported(file: ConfigObject, text: ConfigObject): void {
  for (const object of file === text ? [file] : [file, text]) {
    refuseModelType(object)
    for (const [name, what] of uncountedFields) refuseField(object, name, what)
    refuseLinearLayers(object)
  }
  if (findFlag(file, ['is_encoder_decoder']) === true)
    throw unsupported(
      fieldOf(file, 'is_encoder_decoder'),
      'This is an encoder with a decoder, which this package does not size.',
    )
  refuseArchitecture(file)
}

function refuseModelType(object: ConfigObject): void {
  const modelType = findText(object, ['model_type'])
  const refusal = refusals.find(({ modelTypes }) => modelTypes.includes(modelType ?? ''))
  if (refusal !== undefined)
    throw unsupported(
      fieldOf(object, 'model_type'),
      `${modelType} is ${refusal.is}. Take a plain decoder, such as Mistral or Llama.`,
    )
}

function refuseArchitecture(file: ConfigObject): void {
  const [architecture] = findList(file, 'architectures') ?? []
  if (typeof architecture !== 'string') return
  if (otherHeads.test(architecture))
    throw unsupported('architectures', `${showValue(architecture)} classifies or scores text and writes none.`)
  if (embeddingModel.test(architecture))
    throw unsupported(
      'architectures',
      `${showValue(architecture)} has no output layer: it embeds text and writes none.`,
    )
}

function refuseField(object: ConfigObject, name: string, what: string): void {
  if (!has(object, name) || object.values[name] === 0) return
  throw unsupported(
    fieldOf(object, name),
    `${fieldOf(object, name)} says that the model has ${what}, which this package cannot size.`,
  )
}

function refuseLinearLayers(object: ConfigObject): void {
  const kinds = findList(object, 'attn_type_list')
  if (kinds?.some((kind) => kind !== 1) === true)
    throw unsupported(
      fieldOf(object, 'attn_type_list'),
      'attn_type_list says that the model has lightning attention, which this package cannot size.',
    )
}

function unsupported(field: string, message: string): HuggingFaceConfigError {
  return new HuggingFaceConfigError({ code: 'unsupported-model', field, message })
}
