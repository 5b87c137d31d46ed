import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import { labelOf } from '../hardware-facts.js'
import { defineRule } from '../rule.js'
import { documentedHardwareOf } from './documented-hardware.js'

/** The documentation states two minimums that contradict each other, and the GPUs lie between them. */
export const hardwareSourceConflict = defineRule({
  id: 'hardware-source-conflict',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.gpuCount', 'model'],
  verdict: 'source-conflict',
  description: 'The documentation states two minimums that contradict each other, and the GPUs lie between them.',
  sources: [{ source: 'models-page-18.2', heading: 'GPU requirements by model size' }],
  check: (context) => {
    const known = documentedHardwareOf(context)
    if (known?.fit !== 'source-conflict') return undefined
    const { set, row, minimum } = known
    const measured = catalog.responseTimes.find((entry) => entry.model === context.model?.id)
    return {
      message: `${labelOf(set)} lies between two documented minimums for ${row.label} that contradict each other: ${labelOf(minimum)} as minimum GPU configuration, ${row.minimumVramGB} GB as minimum VRAM.`,
      path: '/hardware',
      fix: { description: `Measure before you rely on it, or use ${row.minimumVramGB} GB, which satisfies both.` },
      sources: [
        { ...factReference(row), heading: `${row.heading}: Minimum GPU configuration` },
        { ...factReference(row), heading: `${row.heading}: Minimum VRAM required` },
        ...(measured === undefined ? [] : [factReference(measured)]),
      ],
    }
  },
})
