import { checkWholeNumber } from './check-number.js'
import type { ModelArchitecture } from './model-architecture.js'
import { SizingInputError } from './sizing-input-error.js'

const largest = 1_000_000_000
const fields = [
  'layers',
  'hiddenSize',
  'intermediateSize',
  'attentionHeads',
  'keyValueHeads',
  'headSize',
  'vocabularySize',
  'maxPositions',
] as const

const checked = new WeakSet<ModelArchitecture>()

/** An architecture whose figures can be computed with. Throws a `SizingInputError` that names the field. */
export function checkArchitecture(architecture: ModelArchitecture): ModelArchitecture {
  if (typeof architecture !== 'object' || architecture === null) throw unreadable('architecture', architecture)
  if (checked.has(architecture)) return architecture
  for (const field of fields) {
    const value = architecture[field]
    // What has none of the fields is usually a config.json as it was published.
    if (value === undefined) throw unreadable(`architecture.${field}`, value)
    checkWholeNumber(value, { field: `architecture.${field}`, least: 1, largest })
  }
  if (typeof architecture.modelType !== 'string') throw unreadable('architecture.modelType', architecture.modelType)
  checked.add(architecture)
  return architecture
}

function unreadable(field: string, value: unknown): SizingInputError {
  const expected = 'an architecture of the catalog, or one that readHuggingFaceConfig made from a config.json,'
  return new SizingInputError({ field, value, expected })
}
