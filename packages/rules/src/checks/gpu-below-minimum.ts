import { factReference } from '../fact-reference.js'
import { labelOf } from '../hardware-facts.js'
import { defineRule } from '../rule.js'
import { documentedHardwareOf } from './documented-hardware.js'

/** The GPUs are fewer, or smaller, than the documented set of the same product. */
export const gpuBelowMinimum = defineRule({
  id: 'gpu-below-minimum',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.gpuCount', 'model'],
  verdict: 'insufficient-hardware',
  description: 'The GPUs are fewer, or smaller, than the documented set of the same product.',
  sources: [{ source: 'models-page-18.2', heading: 'GPU requirements by model size' }],
  check: (context) => {
    const known = documentedHardwareOf(context)
    if (known === undefined) return undefined
    const { set, row, minimum } = known
    if (set.gpu?.product !== minimum.gpu?.product || set.totalMemoryGB >= minimum.totalMemoryGB) return undefined
    return {
      message: `${labelOf(set)} is less than the documented minimum for ${row.label}: ${labelOf(minimum)}.`,
      path: '/hardware',
      fix: { description: `Use ${labelOf(minimum)} or more.` },
      sources: [factReference(row)],
    }
  },
})
