import type { ServeRecipe } from '../catalog/serving.js'
import { showValue } from '../show-value.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'

/** Where containers keep what they download. */
export const cacheFolder = '/model-cache'

/**
 * What `vllm serve` loads: the stated folder, the folder that a recipe prepares, or the Hugging Face repository, which
 * vLLM downloads itself.
 */
export function modelLocation(
  repository: string,
  recipe: ServeRecipe | undefined,
  { format, options }: RenderRequest,
): string {
  if (options.modelPath !== undefined) return options.modelPath
  if (recipe === undefined || recipe.preparation.length === 0) return repository
  return `${format === 'vllm-serve' ? '.' : cacheFolder}/${baseName(repository)}`
}

/**
 * A model's name as what `vllm serve` can load: a Hugging Face id, or the folder that is stated instead.
 * @throws RenderError for a name that is neither
 */
export function loadableModel(name: string, deployment: string, { format, options }: RenderRequest): string {
  if (options.modelPath !== undefined) return options.modelPath
  if (/^[^\s/]+\/[^\s/]+$/.test(name)) return name
  throw new RenderError({
    code: 'invalid-input',
    format,
    deployment,
    message: `Nothing says what vllm serve is to load for deployment ${showValue(deployment)}: ${showValue(name)} is no model with a known Hugging Face id. Write the id as model, or give the option modelPath.`,
  })
}

/** The last part of a repository's id, which is the folder that a clone of it makes. */
export function baseName(repository: string): string {
  return repository.slice(repository.lastIndexOf('/') + 1)
}
