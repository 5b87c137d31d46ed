import { releases } from './catalog/catalog.generated.js'
import type { CatalogModel, ModelAssertion, ModelLifecycle, ModelRemoval } from './catalog/catalog-model.js'
import { deepFreeze } from './catalog/deep-freeze.js'
import type { Release, ReleaseView } from './catalog/release.js'
import { compareGitLabVersions, type GitLabVersion, parseGitLabVersion } from './gitlab-version.js'

/** The models table that answers for a GitLab release. */
export interface ReleaseSelection {
  /** The release as it was asked for; the newest known one when nobody asked. */
  readonly release: string
  /** The same, taken apart; absent when it is no GitLab version. */
  readonly version?: GitLabVersion | undefined
  /** The table that answers; absent before the first one and for what is no version. */
  readonly view?: ReleaseView | undefined
  /** Release of that table. */
  readonly viewRelease?: string | undefined
  /** `stated`: the data covers the release. Otherwise why it does not. */
  readonly coverage: 'covered' | 'newer-than-data' | 'older-than-data' | 'not-a-version'
}

interface KnownRelease {
  readonly release: Release
  readonly version: GitLabVersion
}

const maxRemembered = 64
const remembered = new Map<string, ReleaseSelection>()
let known: readonly KnownRelease[] | undefined

/** Selects the table for a release: the newest one that is not newer than it. Left out, the newest of all. */
export function selectRelease(release: string | undefined): ReleaseSelection {
  const wanted = release ?? newestRelease()
  const before = remembered.get(wanted)
  if (before !== undefined) return before
  const selection = Object.freeze(computeSelection(wanted))
  if (remembered.size >= maxRemembered) remembered.clear()
  remembered.set(wanted, selection)
  return selection
}

/** The newest GitLab release the catalog has a models table for. */
function newestRelease(): string {
  return knownReleases().findLast(({ release }) => release.view !== undefined)?.release.id ?? '0.0'
}

/** What a release says about a model; `undefined` for one that it does not list. */
export function assertionOf(model: CatalogModel, selection: ReleaseSelection): ModelAssertion | undefined {
  return listingOf(model, selection).assertion
}

/** Whether and how a release lists a model. */
export interface ModelListing {
  /** Where the model stands in its life. */
  readonly lifecycle: ModelLifecycle
  /** What the release says; absent for a model that it does not list. */
  readonly assertion?: ModelAssertion | undefined
  /** The page that dropped the model; absent while it is listed, and before it ever was. */
  readonly removal?: ModelRemoval | undefined
}

const listings = new WeakMap<ReleaseSelection, Map<CatalogModel, ModelListing>>()

/** Whether and how a release lists a model. Worked out once per release and model. */
export function listingOf(model: CatalogModel, selection: ReleaseSelection): ModelListing {
  let known = listings.get(selection)
  if (known === undefined) {
    known = new Map()
    listings.set(selection, known)
  }
  let listing = known.get(model)
  if (listing === undefined) {
    listing = computeListing(model, selection)
    known.set(model, listing)
  }
  return listing
}

const neverListed: ModelListing = { lifecycle: 'unlisted' }

function computeListing(model: CatalogModel, { version, view }: ReleaseSelection): ModelListing {
  if (version === undefined || view === undefined) return neverListed
  const assertion = latestOf(model.assertions, version)
  const removal = latestOf(model.removals ?? [], version)
  if (assertion === undefined) return neverListed
  if (removal !== undefined && compareGitLabVersions(versionOf(removal.since), versionOf(assertion.since)) >= 0)
    return { lifecycle: 'unlisted', removal }
  return { lifecycle: assertion.lifecycle ?? 'supported', assertion }
}

/** The newest of some dated records, oldest first, that is not newer than a version. */
export function latestOf<Dated extends { readonly since: string }>(
  records: readonly Dated[],
  version: GitLabVersion,
): Dated | undefined {
  return records.findLast(({ since }) => compareGitLabVersions(versionOf(since), version) <= 0)
}

/** What the catalog knows about a release beside its table, such as tiers; absent before the first one. */
export function releaseFacts(selection: ReleaseSelection): Release | undefined {
  const { version } = selection
  if (version === undefined) return undefined
  let facts = factsOfReleases.get(selection)
  if (facts === undefined) {
    facts = {
      release: knownReleases().findLast((entry) => compareGitLabVersions(entry.version, version) <= 0)?.release,
    }
    factsOfReleases.set(selection, facts)
  }
  return facts.release
}

const factsOfReleases = new WeakMap<ReleaseSelection, { readonly release: Release | undefined }>()

function computeSelection(release: string): ReleaseSelection {
  const version = typeof release === 'string' ? versionNamed(release) : undefined
  if (version === undefined) return { release, coverage: 'not-a-version' }
  const views = knownReleases().filter((entry) => entry.release.view !== undefined)
  const found = views.findLast((entry) => compareGitLabVersions(entry.version, version) <= 0)
  if (found === undefined) return { release, version, coverage: 'older-than-data' }
  const { id, view } = found.release
  const newer = isNewerMinor(version, views.at(-1)?.version ?? version)
  return { release, version, view, viewRelease: id, coverage: newer ? 'newer-than-data' : 'covered' }
}

// `19.x` is how a page of an unstated minor release is named: it means the newest table of that major one.
function versionNamed(release: string): GitLabVersion | undefined {
  const major = /^v?(\d{1,4})\.x$/.exec(release)?.[1]
  if (major === undefined) return parseGitLabVersion(release)
  const known = knownReleases().findLast((entry) => entry.version[0] === Number(major) && entry.release.view)
  return known?.version ?? [Number(major), 0, 0]
}

// A patch release of the newest table's release is still described by it.
function isNewerMinor(version: GitLabVersion, newest: GitLabVersion): boolean {
  return compareGitLabVersions([version[0], version[1], 0], [newest[0], newest[1], 0]) > 0
}

function knownReleases(): readonly KnownRelease[] {
  known ??= Object.values<Release>(deepFreeze(releases))
    .map((release) => ({ release, version: versionOf(release.id) }))
    .sort((a, b) => compareGitLabVersions(a.version, b.version))
  return known
}

const versions = new Map<string, GitLabVersion>()

// Only versions of the data pass through here, so the table stays small.
function versionOf(text: string): GitLabVersion {
  let version = versions.get(text)
  if (version === undefined) {
    version = parseGitLabVersion(text) ?? [0, 0, 0]
    versions.set(text, version)
  }
  return version
}
