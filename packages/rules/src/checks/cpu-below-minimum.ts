import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { defineRule } from '../rule.js'

/** The machine has fewer CPU cores than the documented minimum. */
export const cpuBelowMinimum = defineRule({
  id: 'cpu-below-minimum',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.cpuCores'],
  verdict: 'insufficient-hardware',
  description: 'The machine has fewer CPU cores than the documented minimum.',
  sources: [{ source: 'models-page-18.2', heading: 'Base system requirements' }],
  check: ({ platform, settings }) => {
    const { baseSystem } = catalog.hardwareRequirements
    const stated = settings.hardware?.cpuCores
    if (platform !== 'vllm' || stated === undefined || stated >= baseSystem.minimumCpuCores) return undefined
    return {
      message: `${stated} CPU cores is below the documented minimum of ${baseSystem.minimumCpuCores} CPU cores.`,
      path: '/hardware/cpuCores',
      fix: { description: `Use ${baseSystem.minimumCpuCores} CPU cores or more.` },
      sources: [factReference(baseSystem)],
    }
  },
})
