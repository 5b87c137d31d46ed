import { catalog } from '../catalog/catalog.js'
import { nearest } from '../nearest.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The platform is none that the documentation names, nor one the caller adds. */
export const platformUnknown = defineRule({
  id: 'platform-unknown',
  severity: 'error',
  scope: 'deployment',
  verdict: 'unsupported-platform',
  description: 'The platform is none that the documentation names, nor one the caller adds.',
  sources: [{ source: 'platforms-page-17.9', heading: 'GitLab Duo Self-Hosted supported platforms' }],
  check: ({ deployment, knownPlatforms }) => {
    if (knownPlatforms.includes(deployment.platform)) return undefined
    const spelled = Object.values(catalog.platforms).find(({ name, aliases }) =>
      [name, ...aliases].some((other) => other.toLowerCase() === deployment.platform.toLowerCase()),
    )
    const suggestion = spelled?.id ?? nearest(deployment.platform, knownPlatforms)[0]
    return {
      message: `${showValue(deployment.platform)} is no platform. Known are ${knownPlatforms.join(', ')}.`,
      path: '/platform',
      fix:
        suggestion === undefined
          ? { description: `Use one of ${knownPlatforms.join(', ')}.` }
          : {
              description: `Did you mean '${suggestion}'?`,
              patch: [{ op: 'replace', path: '/platform', value: suggestion }],
            },
    }
  },
})
