import { catalog } from '../catalog/catalog.js'
import type { MinimumVersion } from '../catalog/catalog-platform.js'
import { factReference } from '../fact-reference.js'
import { compareGitLabVersions, parseGitLabVersion } from '../gitlab-version.js'
import { comparePep440, parsePep440 } from '../pep440.js'
import type { ReleaseSelection } from '../release-selection.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The vLLM version is older than the page advises; versions are ordered by PEP 440. */
export const vllmBelowMinimum = defineRule({
  id: 'vllm-below-minimum',
  severity: 'warning',
  scope: 'deployment',
  description: 'The vLLM version is older than the page advises; versions are ordered by PEP 440.',
  sources: [{ source: 'platforms-page-17.9', heading: 'vLLM' }],
  check: ({ platform, settings, release }) => {
    const written = settings.server?.version
    if (platform !== 'vllm' || written === undefined) return undefined
    const minimum = minimumFor(release)
    if (minimum === undefined) return undefined
    const [version, least] = [parsePep440(written), parsePep440(minimum.version)]
    if (version === undefined)
      return {
        message: `The server version ${showValue(written)} is no version number.`,
        path: '/server/version',
        fix: { description: 'Write it as `vllm --version` prints it, such as 0.8.5.' },
        verdict: 'unknown',
      }
    if (least === undefined || comparePep440(version, least) >= 0) return undefined
    return {
      message: `vLLM ${showValue(written)} is older than ${minimum.version}, the oldest version the page advises.`,
      path: '/server/version',
      fix: { description: `Upgrade vLLM to ${minimum.version} or newer.` },
      sources: [factReference(minimum)],
    }
  },
})

function minimumFor({ version }: ReleaseSelection): MinimumVersion | undefined {
  if (version === undefined) return undefined
  return catalog.platforms.vllm.requirements.minimumVersions.findLast(
    ({ since }) => compareGitLabVersions(parseGitLabVersion(since) ?? [0, 0, 0], version) <= 0,
  )
}
