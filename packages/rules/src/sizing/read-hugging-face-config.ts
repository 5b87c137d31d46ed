import { buildArchitecture } from './hugging-face-config/build-architecture.js'
import { type ConfigObject, findList, findText } from './hugging-face-config/config-object.js'
import { readModelConfig } from './hugging-face-config/model-config.js'
import { openConfig } from './hugging-face-config/open-config.js'
import type { ModelArchitecture } from './model-architecture.js'

/** How to read a `config.json`. */
export interface ReadHuggingFaceConfigOptions {
  /** What to call the model in messages. Default: its name in the file, or else its class, such as `LlamaForCausalLM`. */
  readonly name?: string | undefined
}

/**
 * Reads the `config.json` of a model on Hugging Face, or Mistral's `params.json`, as an architecture: its text, its
 * bytes or the parsed object. `maxPositions` is what vLLM derives; `dtype` and `quantization` are those of the published
 * weights. What had to be assumed stands in `assumptions`.
 *
 * Throws a `HuggingFaceConfigError` for anything else, and for a field that is missing, impossible or contradicts
 * another one: nothing that changes the size of a model is guessed in silence.
 */
export function readHuggingFaceConfig(json: unknown, options: ReadHuggingFaceConfigOptions = {}): ModelArchitecture {
  const assumptions: string[] = []
  const config = readModelConfig(openConfig(json), (assumption) => assumptions.push(assumption))
  const architecture = buildArchitecture(config, options.name ?? nameOf(config.file) ?? config.modelType)
  return assumptions.length === 0 ? architecture : { ...architecture, assumptions }
}

const repository = /^[\w.-]{1,100}\/[\w.-]{1,100}$/
const className = /^\w{1,100}$/

function nameOf(file: ConfigObject): string | undefined {
  const path = findText(file, ['_name_or_path'])
  if (path !== undefined && repository.test(path)) return path
  const [architecture] = findList(file, 'architectures') ?? []
  return typeof architecture === 'string' && className.test(architecture) ? architecture : undefined
}
