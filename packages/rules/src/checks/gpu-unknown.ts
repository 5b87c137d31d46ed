import { builtInLookup } from '../catalog-lookup.js'
import { nearest } from '../nearest.js'
import { defineRule } from '../rule.js'
import { showValue } from '../show-value.js'

/** The GPU is not in the catalog, so its memory is not known. */
export const gpuUnknown = defineRule({
  id: 'gpu-unknown',
  severity: 'warning',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['hardware.gpu'],
  verdict: 'unknown',
  description: 'The GPU is not in the catalog, so its memory is not known.',
  sources: [{ source: 'gpu-data-sheets' }],
  check: ({ platform, settings, lookup = builtInLookup }) => {
    const name = settings.hardware?.gpu
    if (platform !== 'vllm' || name === undefined || lookup.findGpu(name) !== undefined) return undefined
    if (settings.hardware?.gpuMemoryGB !== undefined) return undefined
    const suggestions = nearest(name, lookup.gpuIds)
    return {
      message: `The catalog does not know the GPU ${showValue(name)}.`,
      path: '/hardware/gpu',
      fix: {
        description:
          suggestions.length === 0
            ? 'State gpuMemoryGB, the memory of one GPU.'
            : `Did you mean ${suggestions.map((id) => `'${id}'`).join(' or ')}? Otherwise state gpuMemoryGB, the memory of one GPU.`,
      },
    }
  },
})
