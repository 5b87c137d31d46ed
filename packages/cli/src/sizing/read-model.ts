import { HuggingFaceConfigError, type MemoryInput, readHuggingFaceConfig } from '@duo-models/rules'
import { readText } from '../check/read-text.js'
import { CliError } from '../cli-error.js'
import type { CliIo } from '../cli-io.js'
import type { ServingOptions } from './serving-options.js'

/**
 * The model that the options name: one of the catalog, or one that a `config.json` describes.
 * @throws CliError where both or neither is given, and where the file cannot be read
 */
export async function readModel(
  { model, config }: ServingOptions,
  io: CliIo,
): Promise<Pick<MemoryInput, 'model' | 'architecture'>> {
  if (model !== undefined && config !== undefined)
    throw new CliError('--model and --config name two models. Leave one of them out.')
  if (config === undefined) return { model }
  const text = await readText(config, io)
  try {
    return { architecture: readHuggingFaceConfig(text, { name: config === '-' ? 'standard input' : config }) }
  } catch (error) {
    if (!HuggingFaceConfigError.is(error)) throw error
    throw new CliError(`${config} cannot be used: ${error.message}`, { cause: error })
  }
}
