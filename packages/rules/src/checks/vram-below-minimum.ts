import { factReference } from '../fact-reference.js'
import { labelOf } from '../hardware-facts.js'
import { defineRule } from '../rule.js'
import { documentedHardwareOf } from './documented-hardware.js'

/** The GPUs carry less memory than the documented minimum. */
export const vramBelowMinimum = defineRule({
  id: 'vram-below-minimum',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.gpuCount', 'model'],
  verdict: 'insufficient-hardware',
  description: 'The GPUs carry less memory than the documented minimum.',
  sources: [{ source: 'models-page-18.2', heading: 'GPU requirements by model size' }],
  check: (context) => {
    const known = documentedHardwareOf(context)
    if (known?.fit !== 'vram-below-minimum') return undefined
    const { set, row, minimum } = known
    const least = Math.min(row.minimumVramGB, minimum.totalMemoryGB)
    return {
      message: `${labelOf(set)} is below the documented minimum for ${row.label}: ${row.minimumVramGB} GB of VRAM, ${labelOf(minimum)}.`,
      path: '/hardware',
      fix: { description: `Use GPUs with at least ${least} GB in all, such as ${labelOf(minimum)}.` },
      sources: [factReference(row)],
    }
  },
})
