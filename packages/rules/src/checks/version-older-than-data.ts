import { catalog } from '../catalog/catalog.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The GitLab release is older than the oldest models table of the catalog, so nothing is known about it. */
export const versionOlderThanData = defineRule({
  id: 'version-older-than-data',
  severity: 'info',
  scope: 'release',
  verdict: 'unknown',
  description: 'The GitLab release is older than the oldest models table of the catalog, so nothing is known about it.',
  sources: [{ source: 'models-page-17.9', heading: 'Supported models' }],
  check: ({ release }) =>
    release.coverage === 'older-than-data' || release.coverage === 'not-a-version'
      ? {
          message:
            release.coverage === 'not-a-version'
              ? `${showValue(release.release)} is no GitLab version.`
              : `The catalog holds no models table for GitLab ${showValue(release.release)}.`,
          path: '/gitlab/version',
          fix: { description: `Name a GitLab version from ${oldestTable()} on.` },
        }
      : undefined,
})

function oldestTable(): string {
  return Object.values(catalog.releases).find(({ view }) => view !== undefined)?.id ?? ''
}
