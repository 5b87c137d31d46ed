import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The machine has less memory than the documentation recommends for most models. */
export const ramBelowRecommended = defineRule({
  id: 'ram-below-recommended',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.ramGB'],
  description: 'The machine has less memory than the documentation recommends for most models.',
  sources: [{ source: 'models-page-18.2', heading: 'Base system requirements' }],
  check: ({ platform, settings }) => {
    const { baseSystem } = catalog.hardwareRequirements
    const stated = settings.hardware?.ramGB
    if (
      platform !== 'vllm' ||
      stated === undefined ||
      stated < baseSystem.minimumRamGB ||
      stated >= baseSystem.recommendedRamGB
    )
      return undefined
    return {
      message: `${stated} GB of RAM is below the documented recommendation for most models of ${baseSystem.recommendedRamGB} GB of RAM.`,
      path: '/hardware/ramGB',
      fix: { description: `Use ${baseSystem.recommendedRamGB} GB of RAM or more.` },
      sources: [factReference(baseSystem)],
    }
  },
})
