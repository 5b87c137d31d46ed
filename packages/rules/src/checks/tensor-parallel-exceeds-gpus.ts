import { defineRule } from '../rule.js'

/** The tensor-parallel size is larger than the number of GPUs, so the server does not start. */
export const tensorParallelExceedsGpus = defineRule({
  id: 'tensor-parallel-exceeds-gpus',
  severity: 'error',
  scope: 'deployment',
  description: 'The tensor-parallel size is larger than the number of GPUs, so the server does not start.',
  sources: [{ source: 'vllm-engine-arguments' }],
  check: ({ platform, settings }) => {
    const size = settings.server?.tensorParallelSize
    const gpus = settings.hardware?.gpuCount
    if (platform !== 'vllm' || size === undefined || gpus === undefined || size <= gpus) return undefined
    return {
      message: `tensorParallelSize ${size} needs ${size} GPUs, and the machine has ${gpus}.`,
      path: '/server/tensorParallelSize',
      fix: {
        description: `Set tensorParallelSize to ${gpus} or less.`,
        patch: [{ op: 'replace', path: '/server/tensorParallelSize', value: gpus }],
      },
    }
  },
})
