import { catalog } from '../catalog/catalog.js'
import type { ResponseTime, ResponseTimeMachine } from '../catalog/hardware.js'
import type { PerformanceCase } from './performance-case.js'
import type { PerformanceInput } from './performance-input.js'

/** A row of the response-time tables, and the machine of its heading. */
export interface DocumentedResponseTime {
  readonly row: ResponseTime
  readonly machine: ResponseTimeMachine
}

/**
 * Prompts up to this length take so little time beside responses of 400 to 830 tokens that a row answers for them,
 * although the page does not say how long its prompts were.
 */
const longestLikelyPrompt = 500

/** Lengths as near as this are the row's own, rounded. */
const sameLength = 0.5

/**
 * The documented row for a question: the same model on the same machine, or on as many GPUs of its kind, with as many
 * requests at once; lengths left out, or the row's. Settings that change speed rule a row out: the page names none.
 */
export function documentedResponseTime(
  input: PerformanceInput,
  question: PerformanceCase,
): DocumentedResponseTime | undefined {
  const { model } = question
  if (model === undefined || input.requestsPerSecond !== undefined || !isPlain(question)) return undefined
  if (input.promptTokens !== undefined && input.promptTokens > longestLikelyPrompt) return undefined
  for (const row of catalog.responseTimes) {
    if (row.model !== model.id || row.requests !== (input.concurrency ?? 1)) continue
    if (input.outputTokens !== undefined && Math.abs(input.outputTokens - row.tokensPerResponse) > sameLength) continue
    const machine = catalog.responseTimeMachines.find(({ size }) => size === row.machine)
    if (machine !== undefined && isSameHardware(machine, question)) return { row, machine }
  }
  return undefined
}

// The page compares with the V0 engine: it is older than V1 as the default.
function isPlain({ settings, profile }: PerformanceCase): boolean {
  const { quantization, kvCacheDtype, pipelineParallelSize, enforceEager, dtype } = settings
  return (
    profile.engine === 'v0' &&
    quantization === undefined &&
    kvCacheDtype === 'auto' &&
    pipelineParallelSize === 1 &&
    !enforceEager &&
    dtype !== 'float32'
  )
}

// The tensor parallel size is not on the page either: it is taken to be all GPUs of the machine.
function isSameHardware(documented: ResponseTimeMachine, { machine, gpu, settings }: PerformanceCase): boolean {
  if (settings.tensorParallelSize !== documented.gpuCount) return false
  if (machine !== undefined && documented.candidates.includes(machine.id)) return true
  return gpu.id === documented.documentedGpu
}
