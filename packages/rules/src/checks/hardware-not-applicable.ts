import { catalog } from '../catalog/catalog.js'
import { defineRule } from '../rule.js'

/** Hardware is stated for a platform that runs on the provider’s own. */
export const hardwareNotApplicable = defineRule({
  id: 'hardware-not-applicable',
  severity: 'info',
  scope: 'deployment',
  platforms: ['bedrock', 'azure-openai'],
  needs: ['hardware'],
  description: 'Hardware is stated for a platform that runs on the provider’s own.',
  sources: [{ source: 'platforms-page-17.9', heading: 'For cloud-hosted model deployments' }],
  check: ({ platform, settings }) =>
    settings.hardware === undefined || (platform !== 'bedrock' && platform !== 'azure-openai')
      ? undefined
      : {
          message: `${catalog.platforms[platform].name} runs on the provider's hardware; the hardware section is not judged.`,
          path: '/hardware',
          fix: { description: 'Remove the hardware section.', patch: [{ op: 'remove', path: '/hardware' }] },
        },
})
