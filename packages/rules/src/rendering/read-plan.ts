import * as z from 'zod'
import { copyPlainData } from '../copy-plain-data.js'
import { schemaFindings } from '../schema-finding.js'
import { showValue } from '../show-value.js'
import { RenderError } from './render-error.js'
import type { RenderRequest } from './render-format.js'

const text = z.string().min(1).max(2048)
const count = z.int().min(1).max(1_000_000)
const findings = z.array(z.looseObject({ severity: z.string(), message: z.string() }))

// What rendering needs of a plan; the rest is for people.
const planSchema = z.looseObject({
  model: text,
  huggingFaceId: text.optional(),
  servedModelName: text,
  machine: text.optional(),
  gpu: text,
  gpusPerNode: count,
  nodesPerReplica: count,
  replicas: count,
  tensorParallelSize: count,
  pipelineParallelSize: count,
  maxModelLength: count,
  maxNumSeqs: count,
  maxNumBatchedTokens: count.optional(),
  gpuMemoryUtilization: z.number().gt(0).max(1),
  dtype: z.enum(['bfloat16', 'float16', 'float32']),
  quantization: text.optional(),
  kvCacheDtype: text,
  vllmVersion: text,
  memory: z.looseObject({
    fits: z.boolean(),
    perGpu: z.looseObject({ weightsGiB: z.number().min(0) }),
    findings: findings.optional(),
  }),
  findings: findings.optional(),
  configuration: z.unknown(),
})

/** The members of a `DeploymentPlan` that rendering reads. */
export type PlanFacts = z.output<typeof planSchema>

/** Whether an input is a plan and not a configuration. */
export function isPlan(input: unknown): boolean {
  try {
    if (typeof input !== 'object' || input === null) return false
    return Object.hasOwn(input, 'configuration') && Object.hasOwn(input, 'memory')
  } catch {
    // A proxy that throws is no plan; as a configuration it is refused in words.
    return false
  }
}

/**
 * Reads a plan.
 * @throws RenderError when a member is missing or wrong, and when the plan says that the server would not start
 */
export function readPlan(input: unknown, { format }: RenderRequest): PlanFacts {
  const { value, problems } = copyPlainData(input)
  const result = planSchema.safeParse(value)
  if (problems.length > 0 || !result.success) {
    const faults = result.success
      ? problems
      : result.error.issues.flatMap((issue) => schemaFindings(issue, value, [], () => []))
    const shown = faults.slice(0, 3).map(({ message }) => message)
    throw new RenderError({ code: 'invalid-input', format, message: `The plan cannot be read. ${shown.join(' ')}` })
  }
  const plan = result.data
  if (!plan.memory.fits) throw doesNotFit(plan, format)
  return plan
}

function doesNotFit({ model, memory, findings = [] }: PlanFacts, format: string): RenderError {
  const reason = [...(memory.findings ?? []), ...findings].find(({ severity }) => severity === 'error')?.message
  return new RenderError({
    code: 'does-not-fit',
    format,
    message: `The plan for ${showValue(model)} is not rendered: vLLM would not start with it. ${reason ?? 'Its memory estimate says so.'}`,
  })
}
