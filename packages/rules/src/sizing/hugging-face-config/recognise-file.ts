import { HuggingFaceConfigError } from './hugging-face-config-error.js'

type Fields = Readonly<Record<string, unknown>>

interface OtherFile {
  /** What it is, after "This is". */
  readonly is: string
  /** What to do; default: take the config.json beside it. */
  readonly advice?: string
  /** Whether the fields are those of that file. */
  readonly matches: (fields: Fields) => boolean
}

// Every config.json has one of them, and no other file has any.
const configFields = [
  'model_type',
  'architectures',
  'num_hidden_layers',
  'n_layer',
  'num_layers',
  'hidden_size',
  'n_embd',
  'text_config',
  'llm_config',
  'language_config',
]

// The first that matches says what it is.
const otherFiles: readonly OtherFile[] = [
  {
    is: 'the adapter_config.json of a LoRA adapter',
    advice: 'An adapter has no size of its own that matters: take the config.json of its base model.',
    matches: hasAny('peft_type', 'lora_alpha', 'base_model_name_or_path'),
  },
  {
    is: 'a tokenizer.json',
    matches: (fields) => hasAny('added_tokens', 'pre_tokenizer')(fields) && hasAny('model', 'normalizer')(fields),
  },
  {
    is: 'a tokenizer_config.json',
    matches: hasAny('tokenizer_class', 'added_tokens_decoder', 'chat_template', 'clean_up_tokenization_spaces'),
  },
  {
    is: 'the index of a diffusion pipeline or a part of one',
    advice: 'It makes images, not text, and GitLab Duo cannot use it.',
    matches: hasAny('_class_name', '_diffusers_version'),
  },
  { is: 'an index of weight files', matches: hasAny('weight_map') },
  {
    is: 'the preprocessor_config.json of images or sound',
    matches: hasAny('image_processor_type', 'feature_extractor_type', 'processor_class', 'image_mean'),
  },
  {
    is: 'a quantisation file',
    matches: (fields) => hasAny('bits', 'w_bit', 'quantization', 'quant_algo')(fields) && !hasAny('dim')(fields),
  },
  {
    is: "the answer of the Hugging Face hub's API about a model",
    matches: hasAny('siblings', 'modelId', 'pipeline_tag'),
  },
  { is: 'the answer of a chat or embeddings server', matches: hasAny('choices', 'data') },
  {
    is: "the params.json of Meta's own format, which leaves the width of the feed-forward network and the context to its code",
    advice: 'Take the config.json of the same model on Hugging Face.',
    matches: (fields) => hasAny('multiple_of', 'ffn_dim_multiplier')(fields) && !hasAny('hidden_dim')(fields),
  },
  {
    is: 'a generation_config.json',
    matches: hasAny('_from_model_config', 'do_sample', 'temperature', 'top_p', 'max_new_tokens', 'eos_token_id'),
  },
  { is: 'a special_tokens_map.json', matches: hasAny('eos_token', 'bos_token', 'unk_token') },
]

/** Throws when an object is recognisably another file of a model repository, or a server's refusal. */
export function refuseOtherFile(fields: Fields): void {
  if (hasAny(...configFields)(fields)) return
  if (Object.keys(fields).length === 0)
    throw new HuggingFaceConfigError({
      code: 'empty',
      message: 'This is an empty object. Is it the whole config.json?',
    })
  if (Object.hasOwn(fields, 'error') || Object.hasOwn(fields, 'detail'))
    throw new HuggingFaceConfigError({
      code: 'server-message',
      message:
        "This is a server's refusal, not the file: the model is gated, private or has another name. Log in, accept its licence if it has one, and download the file again.",
    })
  const file = otherFiles.find(({ matches }) => matches(fields))
  if (file === undefined) return
  const { is, advice = 'Take the config.json that stands beside it.' } = file
  throw new HuggingFaceConfigError({
    code: 'other-file',
    message: `This is ${is}, not the config.json of a model. ${advice}`,
  })
}

function hasAny(...names: readonly string[]): (fields: Fields) => boolean {
  return (fields) => names.some((name) => Object.hasOwn(fields, name))
}
