import type { QuantizationSettings } from '../model-architecture.js'
import { findBlockSize } from './block-size.js'
import {
  type ConfigObject,
  fieldOf,
  findFlag,
  findNumber,
  findObject,
  findText,
  invalid,
  missing,
} from './config-object.js'
import { ignoresAttention } from './ignored-layers.js'
import type { ModelConfig } from './model-config.js'
import { readCompressedTensors } from './read-compressed-tensors.js'

const bitLimits = { least: 2, largest: 8 }
const groupLimits = { least: -1, largest: 2 ** 16 }
const bitNames = ['bits', 'w_bit']

/** Reads one format of `quantization_config`; nothing when it does not touch the weights. */
type FormatReader = (settings: ConfigObject) => QuantizationSettings | undefined

const formats: Readonly<Record<string, FormatReader>> = {
  awq: (settings) => ({ method: 'awq', ...bitsAndGroup(settings) }),
  awq_marlin: (settings) => ({ method: 'awq', ...bitsAndGroup(settings) }),
  gptq: (settings) => ({ method: 'gptq', ...bitsAndGroup(settings) }),
  gptq_marlin: (settings) => ({ method: 'gptq', ...bitsAndGroup(settings) }),
  'auto-round': (settings) => ({ method: 'gptq', ...bitsAndGroup(settings) }),
  fp8,
  fbgemm_fp8: fp8,
  'compressed-tensors': readCompressedTensors,
  mxfp4: () => ({ method: 'mxfp4', bits: 4, groupSize: 32, appliesTo: 'routed-experts' }),
  bitsandbytes: (settings) =>
    findFlag(settings, ['load_in_8bit', '_load_in_8bit']) === true
      ? { method: 'bitsandbytes', bits: 8 }
      : { method: 'bitsandbytes', bits: 4, groupSize: 64 },
  modelopt: modelOpt,
  modelopt_fp4: modelOpt,
}

/** How the published weights are quantised; absent when they are not. Throws for a format that is not known here. */
export function readQuantization(
  config: ModelConfig,
  layers: number,
  hasExperts: boolean,
): QuantizationSettings | undefined {
  if (config.isMistralFile) return mistralQuantization(config.file)
  const settings = settingsOf(config)
  if (settings === undefined) return undefined
  const quantization = readFormat(settings)
  if (quantization === undefined || quantization.appliesTo !== undefined || !ignoresAttention(settings, layers))
    return quantization
  if (hasExperts) return { ...quantization, appliesTo: 'routed-experts' }
  config.assume('All linear layers were taken to be quantised, although the file leaves those of attention out.')
  return quantization
}

function settingsOf({ file, text }: ModelConfig): ConfigObject | undefined {
  const found = [file, text].flatMap((object) =>
    ['quantization_config', 'compression_config'].flatMap((name) => findObject(object, name) ?? []),
  )
  return found[0]
}

function readFormat(settings: ConfigObject): QuantizationSettings | undefined {
  const method = methodOf(settings)
  const read = Object.hasOwn(formats, method) ? formats[method] : undefined
  if (read !== undefined) return read(settings)
  throw invalid(fieldOf(settings, 'quant_method'), method, `one of ${Object.keys(formats).join(', ')}`)
}

function methodOf(settings: ConfigObject): string {
  const method = findText(settings, ['quant_method'])
  if (method !== undefined) return /auto[-_]round$/.test(method) ? 'auto-round' : method
  if (findFlag(settings, ['load_in_4bit']) === true || findFlag(settings, ['load_in_8bit']) === true)
    return 'bitsandbytes'
  return missing(settings, ['quant_method'])
}

function bitsAndGroup(settings: ConfigObject): Omit<QuantizationSettings, 'method'> {
  const bits = findNumber(settings, bitNames, bitLimits) ?? missing(settings, bitNames)
  const groupSize = findNumber(settings, ['group_size', 'q_group_size'], groupLimits) ?? -1
  return groupSize > 0 ? { bits, groupSize } : { bits }
}

function fp8(settings: ConfigObject): QuantizationSettings {
  const groupSize = findBlockSize(settings, 'weight_block_size')
  return { method: 'fp8', bits: 8, ...(groupSize === undefined ? {} : { groupSize }) }
}

function modelOpt(settings: ConfigObject): QuantizationSettings {
  const algorithm = findText(settings, ['quant_algo']) ?? missing(settings, ['quant_algo'])
  if (/^FP8/.test(algorithm)) return { method: 'fp8', bits: 8 }
  if (/^(?:W4A16_)?NVFP4/.test(algorithm)) return { method: 'nvfp4', bits: 4, groupSize: 16 }
  throw invalid(fieldOf(settings, 'quant_algo'), algorithm, 'FP8 or NVFP4')
}

function mistralQuantization(file: ConfigObject): QuantizationSettings | undefined {
  const settings = findObject(file, 'quantization')
  if (settings === undefined) return undefined
  const format = findText(settings, ['qformat_weight']) ?? missing(settings, ['qformat_weight'])
  if (format === 'fp8_e4m3') return { method: 'fp8', bits: 8 }
  throw invalid(fieldOf(settings, 'qformat_weight'), format, 'fp8_e4m3')
}
