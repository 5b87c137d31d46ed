import type { ComputeDtype } from '../model-architecture.js'
import { type ConfigObject, fieldOf, findObject, findText, invalid } from './config-object.js'
import type { ModelConfig } from './model-config.js'

const dtypes: Readonly<Record<string, ComputeDtype>> = {
  bfloat16: 'bfloat16',
  float16: 'float16',
  half: 'float16',
  float32: 'float32',
  float: 'float32',
}

const names = ['torch_dtype', 'dtype']

/** The format of the published weights. A file without one counts as float32, as Transformers and vLLM have it. */
export function readDtype({ file, text, isMistralFile, assume }: ModelConfig): ComputeDtype {
  const vision = findObject(file, 'vision_config')
  const objects = [text, file, ...(vision === undefined ? [] : [vision])]
  const [found] = objects.flatMap((object) => names.flatMap((name) => dtypeOf(object, name) ?? []))
  if (found !== undefined) return found
  const assumed = isMistralFile ? 'bfloat16' : 'float32'
  assume(`The weights were taken to be in ${assumed}, as the file does not say (${names.join(' or ')}).`)
  return assumed
}

function dtypeOf(object: ConfigObject, name: string): ComputeDtype | undefined {
  const text = findText(object, [name])
  if (text === undefined || text === 'auto') return undefined
  const dtype = text.replace(/^torch\./, '')
  if (Object.hasOwn(dtypes, dtype)) return dtypes[dtype]
  throw invalid(fieldOf(object, name), text, `one of ${Object.keys(dtypes).join(', ')}`)
}
