import { catalog } from '../catalog/catalog.js'
import type { MinimumVersion } from '../catalog/catalog-platform.js'
import { factReference } from '../fact-reference.js'
import { comparePep440, knownPep440 } from '../pep440.js'
import { latestOf, type ReleaseSelection } from '../release-selection.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The vLLM version is older than the page advises; versions are ordered by PEP 440. */
export const vllmBelowMinimum = defineRule({
  id: 'vllm-below-minimum',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server.version'],
  description: 'The vLLM version is older than the page advises; versions are ordered by PEP 440.',
  sources: [{ source: 'platforms-page-17.9', heading: 'vLLM' }],
  check: ({ platform, settings, release, releaseStated }) => {
    const written = settings.server?.version
    if (platform !== 'vllm' || written === undefined) return undefined
    const minimum = minimumFor(release)
    if (minimum === undefined) return undefined
    const [version, least] = [knownPep440(written), knownPep440(minimum.version)]
    if (version === undefined)
      return {
        message: `The server version ${showValue(written)} is no version number.`,
        path: '/server/version',
        fix: { description: 'Write it as `vllm --version` prints it, such as 0.8.5.' },
        verdict: 'unknown',
      }
    if (least === undefined || comparePep440(version, least) >= 0) return undefined
    const oldest = knownPep440(minimumVersions()[0]?.version ?? '')
    // Below the minimum of every release is a fault; below the newest one alone is none that was stated.
    const toldOnly = !releaseStated && oldest !== undefined && comparePep440(version, oldest) >= 0
    return {
      message: `vLLM ${showValue(written)} is older than ${minimum.version}, the oldest version the page advises${toldOnly ? ` for GitLab ${release.release}` : ''}.`,
      path: '/server/version',
      ...(toldOnly ? { severity: 'info' } : {}),
      fix: { description: `Upgrade vLLM to ${minimum.version} or newer.` },
      sources: [factReference(minimum)],
    }
  },
})

const minimums = new WeakMap<ReleaseSelection, { readonly minimum: MinimumVersion | undefined }>()

function minimumFor(release: ReleaseSelection): MinimumVersion | undefined {
  let found = minimums.get(release)
  if (found === undefined) {
    const { version } = release
    found = { minimum: version === undefined ? undefined : latestOf(minimumVersions(), version) }
    minimums.set(release, found)
  }
  return found.minimum
}

function minimumVersions(): readonly MinimumVersion[] {
  return catalog.platforms.vllm.requirements.minimumVersions
}
