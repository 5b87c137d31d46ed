import { tagOf, versionOfTag } from '../gateway-image-tag.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The image tag of the AI gateway names no release. */
export const gatewayImageTagNotExplicit = defineRule({
  id: 'gateway-image-tag-not-explicit',
  severity: 'error',
  scope: 'configuration',
  needs: ['gitlab.aiGateway.imageTag'],
  description: 'The image tag of the AI gateway names no release.',
  sources: [{ source: 'ai-gateway-install-page' }, { source: 'bedrock-own-models-guide' }],
  check: ({ configuration }) => {
    const written = configuration.gitlab?.aiGateway?.imageTag
    if (written === undefined || /@sha256:/.test(written)) return undefined
    const tag = tagOf(written)
    if (tag !== 'latest' && versionOfTag(written) !== undefined && !/nightly/i.test(tag)) return undefined
    const message =
      tag === 'latest'
        ? 'There is no image of the AI gateway with the tag latest.'
        : `The image tag ${showValue(tag)} names no release of GitLab, so it may change under you.`
    return {
      message,
      path: '/gitlab/aiGateway/imageTag',
      ...(tag === 'latest' ? {} : { severity: 'warning' as const, verdict: 'warning' as const }),
      fix: { description: 'Write the tag of your release, of the form self-hosted-vX.Y.Z-ee.' },
    }
  },
})
