import { describe, expect, test } from 'vitest'
import { publishedConfig } from '../../../test/sizing/published-configs.js'
import { readHuggingFaceConfig } from '../read-hugging-face-config.js'
import { HuggingFaceConfigError, type HuggingFaceConfigErrorCode } from './hugging-face-config-error.js'

function errorOf(input: unknown): HuggingFaceConfigError {
  try {
    readHuggingFaceConfig(input)
  } catch (error) {
    if (HuggingFaceConfigError.is(error)) return error
    throw error
  }
  throw new Error('it was read')
}

const loginPage = `<!DOCTYPE html>
<html><head><title>Hugging Face</title></head>
<body><form action="/login"><input name="username"><input type="password" name="password"></form></body></html>`

const safetensors = `\u0098\u0001\0\0\0\0\0\0{"__metadata__":{"format":"pt"},"lm_head.weight":{"dtype":"BF16"}}`

describe('text that is no configuration', () => {
  test.each<readonly [string, string, HuggingFaceConfigErrorCode, RegExp]>([
    ['nothing', '', 'empty', /nothing in this file/],
    ['blank lines', ' \n\t\n', 'empty', /nothing in this file/],
    [
      'a web page',
      '\n<!doctype html><html><body>Llama</body></html>',
      'web-page',
      /looks like a web page: download the raw file/,
    ],
    ['a login page', loginPage, 'web-page', /asks for a login/],
    ['XML', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'web-page', /web page/],
    ['a refusal', 'Access to model meta-llama/Llama-3.1-8B is restricted.', 'server-message', /gated/],
    ['a missing file', 'Entry not found', 'server-message', /refusal/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4665\nsize 654\n',
      'git-lfs-pointer',
      /git lfs pull/,
    ],
    ['a GGUF file', 'GGUF\u0003\0\0\0', 'binary-file', /llama\.cpp/],
    ['safetensors', safetensors, 'binary-file', /safetensors/],
    ['a zip file', 'PK\u0003\u0004rest', 'binary-file', /archive/],
    ['an address', 'https://huggingface.co/google/gemma-2b/raw/main/config.json', 'not-json', /an address/],
    ['a path', './models/gemma-2b/config.json', 'not-json', /Read the file/],
    ['the name of a model', 'google/gemma-2b', 'not-json', /name of a model/],
    ['half a file', '{\n  "model_type": "llama",\n  "hidden_si', 'not-json', /cut off/],
    ['a Python dictionary', "{'model_type': 'llama', 'use_cache': True}", 'not-json', /json\.dump/],
    ['NaN', '{"model_type": "llama", "time_step_limit": [0.0, Infinity]}', 'not-json', /Infinity/],
    ['a trailing comma', '{"model_type": "llama",}', 'not-json', /trailing comma/],
    ['YAML', 'model_type: llama\nhidden_size: 4096\n', 'not-json', /does not begin with a brace/],
    [
      'a list',
      '[{"idx": 0, "name": "0", "type": "sentence_transformers.models.Transformer"}]',
      'other-file',
      /a list of 1/,
    ],
    ['a string', '"llama"', 'other-file', /holds an object/],
    ['a number', '7', 'other-file', /holds an object/],
    ['an empty object', '{}', 'empty', /empty object/],
  ])('%s is named', (_, input, code, message) => {
    const error = errorOf(input)
    expect(error).toMatchObject({ code, field: undefined, name: 'HuggingFaceConfigError' })
    expect(error.message).toMatch(message)
    expect(errorOf(new TextEncoder().encode(input)).code).toBe(code)
  })

  test('is never repeated, as it may be a secret', () => {
    for (const input of [
      'hf_AbCdEf1234567890',
      '{"token": "hf_AbCdEf1234567890"',
      '{"hf_AbCdEf1234567890": 1}',
      'HF_TOKEN=hf_AbCdEf1234567890',
    ])
      expect(errorOf(input).message).not.toContain('hf_AbCdEf')
  })

  test('is not read on when it is far too long', () => {
    const weights = ' '.repeat(9 * 1024 * 1024)
    expect(errorOf(`{"a": "${weights}"}`)).toMatchObject({ code: 'too-large' })
    expect(errorOf(`{"version": "1.0", "added_tokens": [], "x": "${weights}"}`)).toMatchObject({ code: 'other-file' })
    const entries = Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`k${index}`, index]))
    expect(errorOf({ model_type: 'llama', entries })).toMatchObject({ code: 'too-large' })
  })
})

describe('another file of a model', () => {
  test.each<readonly [string, Readonly<Record<string, unknown>>, RegExp]>([
    [
      'adapter_config.json',
      { base_model_name_or_path: 'mistralai/Mistral-7B-v0.1', lora_alpha: 16, peft_type: 'LORA', r: 8 },
      /LoRA adapter.*base model/,
    ],
    [
      'tokenizer_config.json',
      { bos_token: '<s>', model_max_length: 1e30, tokenizer_class: 'LlamaTokenizer' },
      /tokenizer_config/,
    ],
    [
      'tokenizer.json',
      { version: '1.0', added_tokens: [], normalizer: null, model: { type: 'BPE', vocab: {} } },
      /tokenizer\.json/,
    ],
    ['generation_config.json', { _from_model_config: true, bos_token_id: 1, eos_token_id: 2 }, /generation_config/],
    ['generation_config.json of a chat model', { do_sample: true, temperature: 0.6, top_p: 0.9 }, /generation_config/],
    ['special_tokens_map.json', { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' }, /special_tokens_map/],
    ['model.safetensors.index.json', { metadata: { total_size: 1 }, weight_map: {} }, /index of weight files/],
    ['preprocessor_config.json', { image_processor_type: 'PixtralImageProcessor', image_mean: [0.48] }, /preprocessor/],
    [
      'model_index.json',
      { _class_name: 'StableDiffusionPipeline', unet: ['diffusers', 'UNet2DConditionModel'] },
      /diffusion/,
    ],
    ['quantize_config.json', { bits: 4, group_size: 128, desc_act: false }, /quantisation file/],
    ['an answer of the hub', { _id: '1', modelId: 'google/gemma-2b', siblings: [] }, /hub's API/],
    [
      "Meta's params.json",
      { dim: 4096, n_layers: 32, n_heads: 32, multiple_of: 256, norm_eps: 1e-5, vocab_size: -1 },
      /Meta's own format/,
    ],
  ])('%s is named', (_, input, message) => {
    const error = errorOf(input)
    expect(error.code).toBe('other-file')
    expect(error.message).toMatch(message)
    expect(error.message).toMatch(/not the config\.json of a model\. \w/)
  })

  test('a refusal in JSON is named', () => {
    expect(errorOf({ error: 'Access to model is restricted' })).toMatchObject({ code: 'server-message' })
    expect(errorOf({ detail: 'Not Found' })).toMatchObject({ code: 'server-message' })
  })

  test('fields of other files in a config.json do no harm', () => {
    const config = publishedConfig('google/gemma-2b')
    const also = { tokenizer_class: 'GemmaTokenizer', eos_token_id: 1, temperature: 1, bits: 4, error: null }
    expect(readHuggingFaceConfig({ ...config, ...also })).toEqual(readHuggingFaceConfig(config))
  })
})

describe('a value that is no data', () => {
  test.each<readonly [string, unknown, HuggingFaceConfigErrorCode]>([
    ['undefined', undefined, 'empty'],
    ['null', null, 'empty'],
    ['no bytes', new Uint8Array(), 'empty'],
    ['a promise', Promise.resolve('{}'), 'not-json'],
    ['a response', new Response('{}'), 'not-json'],
    ['a function', () => '{}', 'not-json'],
    ['a symbol', Symbol('config'), 'not-json'],
    ['a list', [publishedConfig('google/gemma-2b')], 'other-file'],
  ])('%s is named', (_, input, code) => {
    expect(errorOf(input).code).toBe(code)
  })

  test('a proxy that throws and a getter that throws are named', () => {
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('hf_secret')
        },
      },
    )
    expect(errorOf(proxy).message).not.toContain('hf_secret')
    const config = {
      ...publishedConfig('google/gemma-2b'),
      get hidden_size(): number {
        throw new Error('hf_secret')
      },
    }
    expect(errorOf(config)).toMatchObject({ code: 'invalid-field', field: 'hidden_size' })
    expect(errorOf(config).message).not.toContain('hf_secret')
  })

  test('an error is recognised by its brand', () => {
    expect(HuggingFaceConfigError.is(errorOf(''))).toBe(true)
    expect(HuggingFaceConfigError.is(new Error('empty'))).toBe(false)
    expect(HuggingFaceConfigError.is({ code: 'empty' })).toBe(false)
  })
})
