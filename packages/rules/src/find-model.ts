import { asciiLowerCase } from './ascii-lower-case.js'
import { catalog } from './catalog/catalog.js'
import type { CatalogModel } from './catalog/catalog-model.js'
import { nearest } from './nearest.js'

/** A model, or the ids that look most like the name. A suggestion is never applied. */
export type FindModelResult =
  | { readonly model: CatalogModel; readonly suggestions?: undefined }
  | { readonly model?: undefined; readonly suggestions: readonly CatalogModel['id'][] }

interface NameIndex {
  /** Every name in lower case. */
  readonly byLowerCase: ReadonlyMap<string, CatalogModel>
  /** Every name as the catalog writes it, and the inference profiles it knows. */
  readonly byWriting: ReadonlyMap<string, CatalogModel>
}

let index: NameIndex | undefined

/**
 * Finds a model by any of its names: catalog id, documented name, alias, Hugging Face id or its last part, Bedrock
 * model id with or without an inference-profile prefix, or the ARN of an inference profile or foundation model that
 * holds one. The whole name must match; the case of A to Z does not count.
 */
export function findModel(name: string): FindModelResult {
  const model = findModelExactly(name)
  return model === undefined ? { suggestions: suggestModels(name) } : { model }
}

/** The model that a name means, or `undefined`. Costs one look-up where the name is known. */
export function findModelExactly(name: string): CatalogModel | undefined {
  if (typeof name !== 'string' || name.length > 2048) return undefined
  index ??= buildIndex()
  // Nearly every configuration writes a name as the catalog does.
  const written = index.byWriting.get(name)
  if (written !== undefined) return written
  const key = asciiLowerCase(name.trim())
  return index.byLowerCase.get(key) ?? index.byLowerCase.get(bedrockModelIdOf(key))
}

function suggestModels(name: string): CatalogModel['id'][] {
  index ??= buildIndex()
  const { byLowerCase } = index
  if (typeof name !== 'string') return []
  const ids = nearest(name, [...byLowerCase.keys()], 12).map((key) => byLowerCase.get(key)?.id)
  return [...new Set(ids)].filter((id) => id !== undefined).slice(0, 3)
}

function buildIndex(): NameIndex {
  const byLowerCase = new Map<string, CatalogModel>()
  const written: string[] = []
  const add = (name: string | undefined, model: CatalogModel) => {
    if (name === undefined) return
    byLowerCase.set(asciiLowerCase(name), model)
    written.push(name)
  }
  for (const model of Object.values(catalog.models)) {
    for (const name of [model.id, model.name, ...model.aliases]) add(name, model)
    for (const assertion of model.assertions) add(assertion.name, model)
    add(model.huggingFaceId, model)
    add(model.huggingFaceId?.split('/')[1], model)
  }
  const profiles: string[] = []
  for (const { model, bedrockModels } of catalog.servings)
    for (const { modelId, profilePrefixes } of bedrockModels ?? []) {
      add(modelId, catalog.models[model])
      for (const prefix of profilePrefixes) profiles.push(prefix + modelId)
    }
  return { byLowerCase, byWriting: asWritten(byLowerCase, [...written, ...profiles]) }
}

function asWritten(
  byLowerCase: ReadonlyMap<string, CatalogModel>,
  names: readonly string[],
): ReadonlyMap<string, CatalogModel> {
  const byWriting = new Map<string, CatalogModel>()
  for (const name of names) {
    const key = asciiLowerCase(name)
    const model = byLowerCase.get(key) ?? byLowerCase.get(bedrockModelIdOf(key))
    if (model !== undefined) byWriting.set(name, model)
  }
  return byWriting
}

const bedrockName = /^(?:arn:[^/]*\/)?(?:[a-z]{2,8}(?:-[a-z]{2,8})?\.)?([a-z0-9-]+\.[a-z0-9.:-]+)$/

// Profile prefixes are an open list, so any short one is taken off; the rest must then match in full.
function bedrockModelIdOf(name: string): string {
  return bedrockName.exec(name)?.[1] ?? name
}
