import { type ConfigObject, fieldOf, findObject, findText, has, invalid, missing } from './config-object.js'
import { familyOf } from './families.js'
import type { Family } from './family.js'
import { type FieldNames, huggingFaceNames, mistralNames } from './field-names.js'
import { refuseUnsupported } from './refuse-unsupported.js'

/** A configuration file, taken apart as far as its kind decides how to read the rest. */
export interface ModelConfig {
  /** The whole file. */
  readonly file: ConfigObject
  /** The part about the decoder: the file itself, or its `text_config`. */
  readonly text: ConfigObject
  /** `model_type` of the file. */
  readonly modelType: string
  /** What the decoder's family is like. */
  readonly family: Family
  /** Whether the family is one that this package knows; otherwise it is read as a Llama-like decoder. */
  readonly isKnown: boolean
  /** Whether it is Mistral's `params.json`. */
  readonly isMistralFile: boolean
  /** Names of the fields. */
  readonly names: FieldNames
  /** Notes what had to be assumed, in a sentence. */
  readonly assume: (assumption: string) => void
}

const nestedNames = ['text_config', 'llm_config', 'language_config']
const safeName = /^[\w.-]{1,64}$/

/** Finds out what kind of model a file is about. Throws for one that is no decoder. */
export function readModelConfig(file: ConfigObject, assume: (assumption: string) => void): ModelConfig {
  if (has(file, 'dim') && has(file, 'n_layers') && !has(file, 'model_type')) return mistralConfig(file, assume)
  const text = textOf(file)
  refuseUnsupported(file, text)
  const modelType = findText(file, ['model_type']) ?? findText(text, ['model_type']) ?? missing(file, ['model_type'])
  if (!safeName.test(modelType)) throw invalid('model_type', modelType, 'a name such as llama')
  const textType = findText(text, ['model_type']) ?? modelType
  const family = familyOf(textType) ?? familyOf(modelType)
  if (family === undefined) {
    checkUnknown(text)
    assume(`The model type ${modelType} is not known here and was read as a decoder like Llama.`)
  }
  return {
    file,
    text,
    modelType,
    family: family ?? {},
    isKnown: family !== undefined,
    isMistralFile: false,
    names: huggingFaceNames,
    assume,
  }
}

function mistralConfig(file: ConfigObject, assume: (assumption: string) => void): ModelConfig {
  const modelType = has(file, 'moe') ? 'mixtral' : 'mistral'
  const family = { tiedEmbeddings: false }
  return { file, text: file, modelType, family, isKnown: true, isMistralFile: true, names: mistralNames, assume }
}

function textOf(file: ConfigObject): ConfigObject {
  const [nested] = nestedNames.flatMap((name) => findObject(file, name) ?? [])
  if (nested === undefined) return file
  // Some files state the decoder twice, with an inner part that leaves most out.
  const isInside = has(nested, 'num_hidden_layers') || !has(file, 'num_hidden_layers')
  return isInside ? nested : file
}

const knownExpertFields =
  /^(?:num_local_experts|num_experts|n_routed_experts|n_shared_experts|num_shared_experts)$|^(?:num_experts_per_tok|experts_per_token|moe_intermediate_size|expert_intermediate_size|shared_expert_intermediate_size)$|^(?:first_k_dense_replace|moe_layer_freq|mlp_only_layers|decoder_sparse_step)$|router|aux_loss|output_router|norm_topk/

/** Refuses what a Llama-like decoder would not have. */
function checkUnknown(text: ConfigObject): void {
  const activation = findText(text, ['hidden_act', 'hidden_activation'])
  if (activation === undefined) missing(text, ['hidden_act'])
  if (!/silu|swish|swiglu/i.test(activation)) {
    throw invalid(
      fieldOf(text, 'hidden_act'),
      activation,
      'the activation silu of a gated feed-forward network (the model type is not known here)',
    )
  }
  const odd = Object.keys(text.values).find(
    (name) => /expert|moe|(?:^|_)(?:mamba|ssm)/.test(name) && !knownExpertFields.test(name),
  )
  if (odd !== undefined && has(text, odd))
    throw invalid(fieldOf(text, odd), text.values[odd], 'a model type that is known here, or a file without this field')
}
