import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The GitLab release is newer than the newest models table of the catalog, which answers instead. */
export const versionNewerThanData = defineRule({
  id: 'version-newer-than-data',
  severity: 'info',
  scope: 'release',
  description: 'The GitLab release is newer than the newest models table of the catalog, which answers instead.',
  sources: [{ source: 'models-page-19.0', heading: 'Supported models' }],
  check: ({ release }) =>
    release.coverage === 'newer-than-data'
      ? {
          message: `GitLab ${showValue(release.release)} is newer than this catalog; the table of GitLab ${release.viewRelease} answers.`,
          path: '/gitlab/version',
          fix: { description: 'Update @duo-models/rules, or compare with the documentation of your release.' },
        }
      : undefined,
})
