import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The machine has less memory than the documented minimum. */
export const ramBelowMinimum = defineRule({
  id: 'ram-below-minimum',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.ramGB'],
  verdict: 'insufficient-hardware',
  description: 'The machine has less memory than the documented minimum.',
  sources: [{ source: 'models-page-18.2', heading: 'Base system requirements' }],
  check: ({ platform, settings }) => {
    const { baseSystem } = catalog.hardwareRequirements
    const stated = settings.hardware?.ramGB
    if (platform !== 'vllm' || stated === undefined || stated >= baseSystem.minimumRamGB) return undefined
    return {
      message: `${stated} GB of RAM is below the documented minimum of ${baseSystem.minimumRamGB} GB of RAM.`,
      path: '/hardware/ramGB',
      fix: { description: `Use ${baseSystem.minimumRamGB} GB of RAM or more.` },
      sources: [factReference(baseSystem)],
    }
  },
})
