import { catalog } from '../catalog/catalog.js'
import type { SourceReference } from '../catalog/source.js'
import type { SpeedProfile } from '../catalog/speed-profile.js'
import { factReference } from '../fact-reference.js'
import type { FactReference } from '../finding.js'
import type { DocumentedResponseTime } from './documented-response-time.js'

const remembered = new Map<SpeedProfile, readonly FactReference[]>()

/** Where a profile's constants come from, each place once. */
export function profileSources(profile: SpeedProfile): readonly FactReference[] {
  let sources = remembered.get(profile)
  if (sources === undefined) {
    sources = Object.freeze(uniqueReferences(Object.values(profile.constants)))
    // Profiles of the catalog alone: there are few, and they stay.
    if (catalog.speedProfiles[profile.id] === profile) remembered.set(profile, sources)
  }
  return sources
}

/** The heading a documented row stands under. */
export function rowSource({ row }: DocumentedResponseTime): FactReference {
  return factReference(row)
}

function uniqueReferences(references: readonly SourceReference[]): FactReference[] {
  const byPlace = new Map<string, FactReference>()
  for (const { source, heading } of references) {
    const place = `${source} ${heading}`
    if (!byPlace.has(place)) byPlace.set(place, factReference(heading === undefined ? { source } : { source, heading }))
  }
  return [...byPlace.values()]
}
