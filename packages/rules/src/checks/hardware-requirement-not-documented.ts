import { catalog } from '../catalog/catalog.js'
import type { GpuRequirement } from '../catalog/hardware.js'
import { labelOf, minimumSetOf, requirementOf } from '../hardware-facts.js'
import { defineRule } from '../rule.js'

/** The GPU table has no row for models of this size, so nothing is known about the stated GPUs. */
export const hardwareRequirementNotDocumented = defineRule({
  id: 'hardware-requirement-not-documented',
  severity: 'info',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware', 'model'],
  verdict: 'unknown',
  description: 'The GPU table has no row for models of this size, so nothing is known about the stated GPUs.',
  sources: [{ source: 'models-page-18.2', heading: 'GPU requirements by model size' }],
  check: ({ platform, model, settings }) => {
    const stated = settings.hardware?.gpu !== undefined || settings.hardware?.gpuCount !== undefined
    if (platform !== 'vllm' || model === undefined || !stated || requirementOf(model) !== undefined) return undefined
    const near = nearestRow(model.name)
    const example =
      near === undefined ? '' : ` The nearest row, as information only: ${near.label}, ${labelOf(minimumSetOf(near))}.`
    return {
      message: `The documentation has no GPU requirement for models of the size of ${model.name}.${example}`,
      path: '/hardware',
      fix: { description: 'Verify the memory with a calculation or a trial.' },
    }
  },
})

// Sizes are read from the documented name: "Llama 3.1 70B", "CodeGemma 2b".
function nearestRow(name: string): GpuRequirement | undefined {
  const size = Number(/(\d+)b\b/i.exec(name)?.[1] ?? Number.NaN)
  if (Number.isNaN(size)) return undefined
  const rows = [...catalog.hardwareRequirements.gpuRows]
  rows.sort((a, b) => Math.abs(a.parametersBillion - size) - Math.abs(b.parametersBillion - size))
  return rows[0]
}
