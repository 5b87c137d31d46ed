import type { Finding } from '../finding.js'
import { hasVisionTower } from './activation-memory.js'
import type { MemoryCase } from './memory-case.js'
import { memorySources } from './sizing-sources.js'
import { newestComparedVersion, since } from './vllm-release.js'

/** Why an estimate is less sure than usual; empty when it is not. */
export function reasonsForDoubt(question: MemoryCase): readonly string[] {
  if (question.calibration !== undefined) return question.architecture.assumptions ?? none
  const reasons: string[] = []
  for (const [applies, reason] of doubts) if (applies(question)) reasons.push(reason)
  if (question.architecture.assumptions !== undefined) reasons.push(...question.architecture.assumptions)
  return reasons
}

const none: readonly string[] = []

const doubts: readonly (readonly [(question: MemoryCase) => boolean, string])[] = [
  [({ gpu }) => gpu.capability === 0, 'No start-up log of an AMD GPU was compared.'],
  [({ gpu }) => !gpu.isTotalVerified, 'What CUDA reports as the memory of this GPU was not read from a log.'],
  [({ release }) => release.number > newestComparedVersion, 'The version is newer than the logs that were compared.'],
  [
    ({ architecture, release }) => architecture.experts !== undefined && release.number < since.samplingWithoutSort,
    'Scratch memory of expert kernels before vLLM 0.17 was read from few logs.',
  ],
  [
    ({ architecture, engine }) => architecture.latentAttention !== undefined && engine === 'v0',
    'V0 takes more for latent attention than the formulas know.',
  ],
  [({ pipelineParallelSize }) => pipelineParallelSize > 1, 'Few logs with pipeline parallelism were compared.'],
  [
    ({ architecture }) => (architecture.linearAttentionLayers ?? 0) > 0,
    'Kernels of linear attention take memory of their own.',
  ],
  [
    (question) => question.engine === 'v0' && hasVisionTower(question),
    'V0 profiles images, which the formulas leave out.',
  ],
  [
    ({ nvlink, tensorParallelSize, engine }) => nvlink && tensorParallelSize >= 4 && engine === 'v0',
    'What NCCL takes for many GPUs on V0 was read from two logs.',
  ],
]

/** What is good to know beside the figures. */
export function memoryNotes(question: MemoryCase, doubt: readonly string[]): Finding[] {
  const findings: Finding[] = []
  const add = (rule: string, severity: Finding['severity'], path: string, message: string) =>
    findings.push({ rule, severity, path, message, sources: memorySources })
  if (doubt.length > 0) add('memory-estimate-uncertain', 'info', '', doubt.join(' '))
  if (fallsBack(question))
    add('dtype-fallback', 'info', '/dtype', `${question.gpu.name} has no bfloat16; vLLM falls back to float16.`)
  if (runsWeightsOnly(question))
    add(
      'quantization-weight-only',
      'info',
      '/quantization',
      `${question.gpu.name} has no FP8 arithmetic; vLLM keeps the weights in FP8 and computes in 16 bits (Marlin).`,
    )
  if (question.requestedQuantization !== undefined && needsCheckpoint(question))
    add(
      'quantization-needs-checkpoint',
      'info',
      '/quantization',
      `${question.requestedQuantization} needs a checkpoint that was quantised that way; vLLM does not make it at start.`,
    )
  const restriction = restrictionOf(question.architecture)
  if (restriction !== undefined) add('model-licence-restricted', 'info', '/model', restriction)
  return findings
}

function fallsBack({ requestedDtype, architecture, dtype, gpu }: MemoryCase): boolean {
  return requestedDtype === 'auto' && architecture.dtype === 'bfloat16' && dtype === 'float16' && !gpu.support.bf16
}

function runsWeightsOnly({ quantization, gpu }: MemoryCase): boolean {
  return quantization?.method === 'fp8' && gpu.capability >= 75 && gpu.capability < 89
}

function needsCheckpoint({ quantization, architecture }: MemoryCase): boolean {
  const isMadeAtStart = quantization?.method === 'fp8' || quantization?.method === 'bitsandbytes'
  return architecture.quantization === undefined && quantization !== undefined && !isMadeAtStart
}

// Architectures of the catalog say what their licence forbids.
function restrictionOf(architecture: object): string | undefined {
  const restriction = 'licenceRestriction' in architecture ? architecture.licenceRestriction : undefined
  return typeof restriction === 'string' ? restriction : undefined
}
