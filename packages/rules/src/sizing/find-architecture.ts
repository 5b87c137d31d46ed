import { catalog } from '../catalog/catalog.js'
import { findModel, findModelExactly } from '../find-model.js'
import { checkArchitecture } from './check-architecture.js'
import type { MemoryInput } from './memory-input.js'
import type { ModelArchitecture } from './model-architecture.js'
import { SizingInputError } from './sizing-input-error.js'

/**
 * The architecture a question is about: the one it holds, or the catalog's for its model. Throws a `SizingInputError`
 * for an unknown model, and for one whose architecture the catalog does not have.
 */
export function architectureOf({
  model,
  architecture,
}: Pick<MemoryInput, 'model' | 'architecture'>): ModelArchitecture {
  if (architecture !== undefined) return checkArchitecture(architecture)
  if (model === undefined) throw missing(model, 'a model of the catalog, or an architecture,')
  const id = findModelExactly(model)?.id
  if (id === undefined)
    throw missing(model, 'the name of a model of the catalog, or an architecture,', findModel(model).suggestions?.[0])
  const known = catalog.architectures[id]
  if (known !== undefined) return known
  throw missing(model, `a model whose architecture the catalog has, or an architecture read from its config.json,`)
}

function missing(value: unknown, expected: string, nearest?: string | undefined): SizingInputError {
  return new SizingInputError({ field: 'model', value, expected, nearest })
}
