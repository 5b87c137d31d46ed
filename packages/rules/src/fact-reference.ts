import { catalog } from './catalog/catalog.js'
import type { SourceReference } from './catalog/source.js'
import type { FactReference } from './finding.js'

/** A reference to a source of the catalog, with the page's title, address and release filled in. */
export function factReference({ source, heading }: SourceReference): FactReference {
  const { title, url, release } = catalog.sources[source]
  return Object.freeze({
    source,
    title,
    ...(url === undefined ? {} : { url }),
    ...(heading === undefined ? {} : { heading }),
    ...(release === undefined ? {} : { release }),
  })
}
