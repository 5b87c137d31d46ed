import { defineRule } from '../rule.js'
import { pathOfFact, serverFactsOf } from '../server-facts.js'

/** The server splits the model over more GPUs than there are, so it does not start. */
export const tensorParallelExceedsGpus = defineRule({
  id: 'tensor-parallel-exceeds-gpus',
  severity: 'error',
  scope: 'deployment',
  platforms: ['vllm'],
  needs: ['server', 'hardware.gpuCount'],
  description: 'The server splits the model over more GPUs than there are, so it does not start.',
  sources: [{ source: 'vllm-engine-arguments' }],
  check: ({ platform, settings }) => {
    const gpus = settings.hardware?.gpuCount
    if (platform !== 'vllm' || gpus === undefined) return undefined
    const { tensorParallelSize = 1, pipelineParallelSize = 1 } = serverFactsOf(settings).settings
    const needed = tensorParallelSize * pipelineParallelSize
    if (needed <= gpus) return undefined
    const path = pathOfFact(settings, tensorParallelSize > 1 ? 'tensorParallelSize' : 'pipelineParallelSize')
    const largest = Math.floor(gpus / pipelineParallelSize)
    const product = pipelineParallelSize > 1 ? ` × pipelineParallelSize ${pipelineParallelSize}` : ''
    const isField = path === '/server/tensorParallelSize' && largest >= 1
    return {
      message: `tensorParallelSize ${tensorParallelSize}${product} needs ${needed} GPUs, and the machine has ${gpus}.`,
      path,
      fix: {
        description: `Split the model over ${gpus} GPUs or fewer.`,
        ...(isField ? { patch: [{ op: 'replace', path, value: largest }] } : {}),
      },
    }
  },
})
