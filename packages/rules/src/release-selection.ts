import { catalog } from './catalog/catalog.js'
import type { CatalogModel, ModelAssertion } from './catalog/catalog-model.js'
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
export function newestRelease(): string {
  return knownReleases().findLast(({ release }) => release.view !== undefined)?.release.id ?? '0.0'
}

/** What a model's newest record says that is not newer than the selected table. */
export function assertionOf(model: CatalogModel, selection: ReleaseSelection): ModelAssertion | undefined {
  const { viewRelease } = selection
  if (viewRelease === undefined) return undefined
  const limit = versionOf(viewRelease)
  return model.assertions.findLast(({ since }) => compareGitLabVersions(versionOf(since), limit) <= 0)
}

/** What the catalog knows about a release beside its table, such as tiers; absent before the first one. */
export function releaseFacts(selection: ReleaseSelection): Release | undefined {
  const { version } = selection
  if (version === undefined) return undefined
  return knownReleases().findLast((entry) => compareGitLabVersions(entry.version, version) <= 0)?.release
}

function computeSelection(release: string): ReleaseSelection {
  const version = typeof release === 'string' ? parseGitLabVersion(release) : undefined
  if (version === undefined) return { release, coverage: 'not-a-version' }
  const views = knownReleases().filter((entry) => entry.release.view !== undefined)
  const found = views.findLast((entry) => compareGitLabVersions(entry.version, version) <= 0)
  if (found === undefined) return { release, version, coverage: 'older-than-data' }
  const { id, view } = found.release
  const newer = isNewerMinor(version, views.at(-1)?.version ?? version)
  return { release, version, view, viewRelease: id, coverage: newer ? 'newer-than-data' : 'covered' }
}

// A patch release of the newest table's release is still described by it.
function isNewerMinor(version: GitLabVersion, newest: GitLabVersion): boolean {
  return compareGitLabVersions([version[0], version[1], 0], [newest[0], newest[1], 0]) > 0
}

function knownReleases(): readonly KnownRelease[] {
  known ??= Object.values(catalog.releases)
    .map((release) => ({ release, version: versionOf(release.id) }))
    .sort((a, b) => compareGitLabVersions(a.version, b.version))
  return known
}

function versionOf(text: string): GitLabVersion {
  return parseGitLabVersion(text) ?? [0, 0, 0]
}
