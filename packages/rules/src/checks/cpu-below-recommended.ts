import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The machine has fewer CPU cores than the documentation recommends for production. */
export const cpuBelowRecommended = defineRule({
  id: 'cpu-below-recommended',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.cpuCores'],
  description: 'The machine has fewer CPU cores than the documentation recommends for production.',
  sources: [{ source: 'models-page-18.2', heading: 'Base system requirements' }],
  check: ({ platform, settings }) => {
    const { baseSystem } = catalog.hardwareRequirements
    const stated = settings.hardware?.cpuCores
    if (
      platform !== 'vllm' ||
      stated === undefined ||
      stated < baseSystem.minimumCpuCores ||
      stated >= baseSystem.recommendedCpuCores
    )
      return undefined
    return {
      message: `${stated} CPU cores is below the documented recommendation for production of ${baseSystem.recommendedCpuCores} CPU cores.`,
      path: '/hardware/cpuCores',
      fix: { description: `Use ${baseSystem.recommendedCpuCores} CPU cores or more.` },
      sources: [factReference(baseSystem)],
    }
  },
})
