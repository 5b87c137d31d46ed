import { nearest } from '../nearest.js'
import type { ComputeDtype, ModelArchitecture, QuantizationSettings } from './model-architecture.js'
import { SizingInputError } from './sizing-input-error.js'

const dtypes: Readonly<Record<string, 'auto' | ComputeDtype>> = {
  auto: 'auto',
  bfloat16: 'bfloat16',
  float16: 'float16',
  half: 'float16',
  float32: 'float32',
  float: 'float32',
}

const kvCacheDtypes: Readonly<Record<string, 'auto' | 'fp8'>> = {
  auto: 'auto',
  fp8: 'fp8',
  fp8_e4m3: 'fp8',
  fp8_e5m2: 'fp8',
}

const fourBits = { bits: 4, groupSize: 128 } as const

// A checkpoint in these formats usually has groups of 128 weights.
const quantizations: Readonly<Record<string, QuantizationSettings>> = {
  fp8: { method: 'fp8', bits: 8 },
  awq: { method: 'awq', ...fourBits },
  awq_marlin: { method: 'awq', ...fourBits },
  gptq: { method: 'gptq', ...fourBits },
  gptq_marlin: { method: 'gptq', ...fourBits },
  int4: { method: 'int4', ...fourBits },
  w4a16: { method: 'int4', ...fourBits },
  int8: { method: 'int8', bits: 8 },
  w8a8: { method: 'int8', bits: 8 },
  mxfp4: { method: 'mxfp4', bits: 4, groupSize: 32, appliesTo: 'routed-experts' },
  nvfp4: { method: 'nvfp4', bits: 4, groupSize: 16 },
  modelopt_fp4: { method: 'nvfp4', bits: 4, groupSize: 16 },
  bitsandbytes: { method: 'bitsandbytes', bits: 4, groupSize: 64 },
}

/** `--dtype` in one spelling. Throws a `SizingInputError` for a word that is none. */
export function dtypeOf(name: string): 'auto' | ComputeDtype {
  return lookUp('dtype', name, dtypes)
}

/** `--kv-cache-dtype` in one spelling. Throws a `SizingInputError` for a word that is none. */
export function kvCacheDtypeOf(name: string): 'auto' | 'fp8' {
  return lookUp('kvCacheDtype', name, kvCacheDtypes)
}

/**
 * How linear layers are stored: as published where the model is quantised already, as asked for where it is not.
 * `compressed-tensors` says nothing without a quantised model. Throws a `SizingInputError` for a word that is none.
 */
export function quantizationOf(
  name: string | undefined,
  architecture: ModelArchitecture,
): QuantizationSettings | undefined {
  if (name === undefined) return architecture.quantization
  if (name === 'compressed-tensors' && architecture.quantization !== undefined) return architecture.quantization
  const asked = lookUp('quantization', name, quantizations)
  return architecture.quantization ?? asked
}

/** Whether `--quantization` names another format than the published weights have. */
export function contradictsPublished(name: string | undefined, { quantization }: ModelArchitecture): boolean {
  if (name === undefined || quantization === undefined || name === 'compressed-tensors') return false
  const asked = quantizations[name]?.method
  return asked !== undefined && asked !== quantization.method && !(asked === 'int4' && quantization.bits === 4)
}

// Other words for the same, and what comes nearest to formats that vLLM does not have.
const slips: Readonly<Record<string, string>> = {
  bf16: 'bfloat16',
  fp16: 'float16',
  f16: 'float16',
  fp32: 'float32',
  f32: 'float32',
  int8: 'fp8',
  gguf: 'gptq',
  q4: 'awq',
  nf4: 'bitsandbytes',
  bnb: 'bitsandbytes',
}

function lookUp<Value>(field: string, name: string, words: Readonly<Record<string, Value>>): Value {
  const found = typeof name === 'string' && Object.hasOwn(words, name) ? words[name] : undefined
  if (found !== undefined) return found
  throw new SizingInputError({
    field,
    value: name,
    expected: `one of ${Object.keys(words).join(', ')}`,
    nearest: nearestWord(String(name), words),
  })
}

function nearestWord(name: string, words: object): string | undefined {
  const slip = Object.hasOwn(slips, name) ? slips[name] : undefined
  return slip !== undefined && Object.hasOwn(words, slip) ? slip : nearest(name, Object.keys(words), 1)[0]
}
