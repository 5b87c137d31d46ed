import { platforms as platformTable } from './catalog/catalog.generated.js'
import { builtInLookup, type CatalogLookup } from './catalog-lookup.js'
import { builtInRules } from './checks/index.js'
import type { GitLabSettings } from './configuration.js'
import type { TextPosition } from './finding.js'
import { readConfiguration } from './read-configuration.js'
import { type ReleaseSelection, selectRelease } from './release-selection.js'
import type { Report } from './report.js'
import type { ResolvedConfiguration } from './resolved-configuration.js'
import type { Rule } from './rule.js'
import { writeReport } from './write-report.js'

/** How `checkConfig` and `resolveConfiguration` judge. */
export interface CheckConfigOptions {
  /** GitLab release to judge by, such as `18.2`. Default: `gitlab.version`, or else the newest the catalog has. */
  readonly release?: string | undefined
  /** The rules to run. Default: `builtInRules`. */
  readonly rules?: readonly Rule[] | undefined
  /** Further platforms, which the caller serves with adapters of its own. Their settings are not checked. */
  readonly platforms?: readonly string[] | undefined
  /** Finds a JSON Pointer in the configuration's text, so that findings carry line and column. */
  readonly source?: { positionOf(path: string): TextPosition | undefined } | undefined
}

/** A configuration as the client uses it, and what there is to say about it. */
export interface ConfigurationResult {
  /** Present whenever the structure is valid, whatever the rules say; absent when it is not. */
  readonly configuration?: ResolvedConfiguration | undefined
  /** What `checkConfig` returns. */
  readonly report: Report
}

/**
 * Checks a configuration and fills in its defaults. Any input gives a report; nothing is thrown, not even by getters
 * and proxies in the input. Opens no connection and reads no environment.
 */
export function resolveConfiguration(input: unknown, options: CheckConfigOptions = {}): ConfigurationResult {
  return resolveWith(builtInLookup, input, options)
}

/** The same with models, GPUs and platforms of the caller. */
export function resolveWith(lookup: CatalogLookup, input: unknown, options: CheckConfigOptions): ConfigurationResult {
  const { rules = builtInRules, platforms = noPlatforms } = options
  const releaseFor = (gitlab: GitLabSettings | undefined) => releaseOf(gitlab, options)
  const read = readConfiguration(input, platforms, releaseFor, lookup)
  const report = writeReport({
    read,
    rules,
    release: releaseFor(read.configuration.gitlab),
    releaseStated: (options.release ?? read.configuration.gitlab?.version) !== undefined,
    knownPlatforms: platforms.length === 0 ? documentedPlatforms : [...documentedPlatforms, ...platforms],
    lookup,
    source: options.source,
  })
  const usable = read.complete && !report.findings.some(({ rule }) => rule === 'platform-unknown')
  return usable ? { configuration: read.configuration, report } : { report }
}

const noPlatforms: readonly string[] = []
const documentedPlatforms: readonly string[] = Object.keys(platformTable)

function releaseOf(gitlab: GitLabSettings | undefined, { release }: CheckConfigOptions): ReleaseSelection {
  return selectRelease(release ?? gitlab?.version)
}
