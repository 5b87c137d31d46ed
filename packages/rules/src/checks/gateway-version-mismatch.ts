import { versionOfTag } from '../gateway-image-tag.js'
import { defineRule } from '../rule.js'

/** The AI gateway is of another minor release than GitLab. */
export const gatewayVersionMismatch = defineRule({
  id: 'gateway-version-mismatch',
  severity: 'warning',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.imageTag'],
  description: 'The AI gateway is of another minor release than GitLab.',
  sources: [{ source: 'ai-gateway-install-page' }],
  check: ({ configuration, release, releaseStated }) => {
    const written = configuration.gitlab?.aiGateway?.imageTag
    const gateway = written === undefined ? undefined : versionOfTag(written)
    const { version } = release
    if (gateway === undefined || version === undefined || !releaseStated) return undefined
    if (gateway[0] === version[0] && gateway[1] === version[1]) return undefined
    return {
      message: `The AI gateway is ${gateway.join('.')} and GitLab is ${release.release}; the two belong together by minor release.`,
      path: '/gitlab/aiGateway/imageTag',
      fix: { description: `Use the newest patch release of the AI gateway for ${version[0]}.${version[1]}.` },
    }
  },
})
