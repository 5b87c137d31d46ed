import { catalog } from '../catalog/catalog.js'
import type { CatalogModel } from '../catalog/catalog-model.js'
import type { Finding } from '../finding.js'
import { listingOf, selectRelease } from '../release-selection.js'

/** The GitLab release of a plan's configuration, and what is to be said about it. */
export interface PlanRelease {
  /** Absent: none is stated, so the newest holds. */
  readonly version?: string
  readonly findings: readonly Finding[]
}

/**
 * The release that was asked for. Where none was and the newest no longer lists the model, the last one that does: the
 * configuration of a plan is meant to be accepted.
 */
export function planRelease(model: CatalogModel | undefined, stated: string | undefined): PlanRelease {
  if (stated !== undefined) return { version: stated, findings: [] }
  if (model === undefined || isListed(model, undefined)) return { findings: [] }
  const version = Object.keys(catalog.releases).findLast((release) => isListed(model, release))
  return version === undefined ? { findings: [] } : { version, findings: [removed(model, version)] }
}

function isListed(model: CatalogModel, release: string | undefined): boolean {
  return listingOf(model, selectRelease(release)).assertion !== undefined
}

function removed({ name }: CatalogModel, version: string): Finding {
  const newest = selectRelease(undefined).release
  return {
    rule: 'release-assumed',
    severity: 'warning',
    path: '/release',
    message: `GitLab ${newest} does not list ${name}. The plan holds for ${version}, the last release of the catalog that does; state the release to plan for another.`,
    sources: [],
  }
}
