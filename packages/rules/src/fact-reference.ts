import { catalog } from './catalog/catalog.js'
import type { SourceReference } from './catalog/source.js'
import type { FactReference } from './finding.js'

/**
 * A reference to a source of the catalog, with the page's title, address and release filled in. A source of the
 * caller's own, such as that of a model it adds, has its id for a title.
 */
export function factReference(reference: SourceReference): FactReference {
  const before = remembered.get(reference)
  if (before !== undefined) return before
  const filled = fillIn(reference)
  // Those of the catalog are frozen and asked for again and again.
  if (Object.isFrozen(reference)) remembered.set(reference, filled)
  return filled
}

const remembered = new WeakMap<SourceReference, FactReference>()

function fillIn({ source, heading }: SourceReference): FactReference {
  const known = Object.hasOwn(catalog.sources, source) ? catalog.sources[source] : undefined
  const { title, url, release } = known ?? { title: source }
  return Object.freeze({
    source,
    title,
    ...(url === undefined ? {} : { url }),
    ...(heading === undefined ? {} : { heading }),
    ...(release === undefined ? {} : { release }),
  })
}
