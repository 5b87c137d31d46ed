import { catalog } from '../catalog/catalog.js'
import { factReference } from '../fact-reference.js'
import type { Finding } from '../finding.js'
import type { DocumentedResponseTime } from './documented-response-time.js'
import type { Extrapolation } from './performance-basis.js'
import type { PerformanceCase } from './performance-case.js'
import type { PerformanceInput } from './performance-input.js'
import type { PredictedWorkload } from './performance-prediction.js'
import { profileSources, rowSource } from './performance-sources.js'
import type { ServingCapacity } from './serving-capacity.js'

/** All that a finding may speak of. */
export interface PerformanceFacts {
  readonly input: PerformanceInput
  readonly question: PerformanceCase
  readonly workload: PredictedWorkload
  readonly documented: DocumentedResponseTime | undefined
  readonly extrapolation: Extrapolation
  readonly capacity: ServingCapacity
  readonly capacityRequestsPerSecond: number
}

/** Reasons for doubt about a prediction, the gravest first. */
export function performanceFindings(facts: PerformanceFacts): Finding[] {
  const { documented } = facts
  return [
    doesNotFit(facts),
    beyondCapacity(facts),
    requestsWait(facts),
    ...(documented === undefined ? [extrapolated(facts)] : [contradicts(documented), isDocumented(documented)]),
    engineAssumed(facts),
    lengthAssumed(facts),
    firstRequestSlower(facts),
  ].filter((finding) => finding !== undefined)
}

type Found = Finding | undefined

function doesNotFit({ capacity, question }: PerformanceFacts): Found {
  if (capacity.refusal === undefined) return undefined
  const { message, fix, sources } = capacity.refusal
  return {
    rule: 'model-does-not-fit',
    severity: 'error',
    path: '',
    message: `vLLM does not start ${question.settings.architecture.name} with these settings, so the figures are of a server that does not exist: ${message}`,
    fix: fix ?? { description: 'Take more or larger GPUs, or ask estimateMemory what would make it fit.' },
    sources,
  }
}

function beyondCapacity({ input, capacityRequestsPerSecond, capacity }: PerformanceFacts): Found {
  const { requestsPerSecond } = input
  if (requestsPerSecond === undefined || requestsPerSecond < capacityRequestsPerSecond) return undefined
  return {
    rule: 'rate-beyond-capacity',
    severity: 'warning',
    path: '/requestsPerSecond',
    message: `${requestsPerSecond} requests per second are more than the server can do with these lengths: about ${threeDigits(capacityRequestsPerSecond)}, with ${capacity.runningLimit} requests running. Its queue would grow without end; the figures are those just below that rate.`,
    fix: {
      description: `Serve at least ${Math.floor(requestsPerSecond / capacityRequestsPerSecond) + 1} replicas, or take faster GPUs.`,
    },
    sources: [],
  }
}

function requestsWait({ workload, capacity }: PerformanceFacts): Found {
  const { runningLimit, limitedBy } = capacity
  if (workload.requestsPerSecond !== undefined || workload.concurrency <= runningLimit) return undefined
  const reason =
    limitedBy === 'kv-cache' ? 'the KV cache holds no more of this length' : '--max-num-seqs allows no more'
  return {
    rule: 'requests-wait',
    severity: 'warning',
    path: '/concurrency',
    message: `Of ${workload.concurrency} requests ${runningLimit} run at once, because ${reason}; the others wait. The times include the wait.`,
    fix: {
      description:
        limitedBy === 'kv-cache'
          ? 'Take more GPU memory, an 8-bit KV cache or more replicas.'
          : `Set --max-num-seqs to ${workload.concurrency}, or serve more replicas.`,
    },
    sources: [],
  }
}

function contradicts({ row }: DocumentedResponseTime): Found {
  const conflict = catalog.sourceConflicts.find(({ id }) => id === row.conflict)
  if (conflict === undefined) return undefined
  const sides = conflict.sides.map(({ says, value }) => `${says}: ${value}`).join('; ')
  return {
    rule: 'response-times-contradict',
    severity: 'warning',
    path: '',
    message: `The documented row does not agree with the others. ${conflict.summary} ${sides}. The interval holds both the row and the estimate from the other rows.`,
    fix: { description: 'Plan with the interval, or measure this model on this machine.' },
    sources: conflict.sources.map(factReference),
  }
}

function isDocumented(documented: DocumentedResponseTime): Finding {
  const { row, machine } = documented
  return {
    rule: 'response-time-documented',
    severity: 'info',
    path: '',
    message: `The page "${rowSource(documented).title}" gives these times and rates for ${row.documentedModel} under "${row.heading}" (${machine.gpuCount} × ${catalog.gpus[machine.documentedGpu].name}), ${row.requests === 1 ? '1 request' : `${row.requests} requests at once`}. It tells neither the length of the prompts nor the version of vLLM nor the tensor parallel size. The times to the first token and between tokens are not on it: they are estimates.`,
    sources: [rowSource(documented)],
  }
}

function extrapolated({ question, extrapolation }: PerformanceFacts): Found {
  const reasons = [...extrapolation.unmeasured, ...extrapolation.beyondCalibration]
  if (reasons.length === 0) return undefined
  return {
    rule: 'speed-extrapolated',
    severity: 'info',
    path: '',
    message: `The figures are extrapolated: nothing that was measured covers ${listText(reasons)}.`,
    sources: profileSources(question.profile),
  }
}

function engineAssumed({ question, documented }: PerformanceFacts): Found {
  const { isEngineAssumed, profile } = question
  if (!isEngineAssumed || documented !== undefined) return undefined
  const why =
    profile.standing === 'calibrated'
      ? 'the one that the documented response times fit on this GPU. V1, the default since vLLM 0.8, is usually faster'
      : 'the default since vLLM 0.8'
  return {
    rule: 'engine-assumed',
    severity: 'info',
    path: '',
    message: `No vllmVersion is given, so the figures are of the ${profile.engine.toUpperCase()} engine, ${why}.`,
    sources: [],
  }
}

function lengthAssumed({ input, workload, documented }: PerformanceFacts): Found {
  const assumed: string[] = []
  if (input.promptTokens === undefined) assumed.push(`prompts of ${workload.promptTokens} tokens`)
  if (input.outputTokens === undefined) assumed.push(`responses of ${workload.outputTokens} tokens`)
  if (assumed.length === 0 || documented !== undefined) return undefined
  return {
    rule: 'length-assumed',
    severity: 'info',
    path: '',
    message: `No length is given, so ${assumed.join(' and ')} are assumed, about those of the documented response times.`,
    sources: [],
  }
}

function firstRequestSlower({ question }: PerformanceFacts): Found {
  if (question.settings.architecture.experts === undefined) return undefined
  return {
    rule: 'first-request-slower',
    severity: 'info',
    path: '',
    message:
      'The first requests after a start take two to three seconds longer with a mixture of experts, until its kernels are compiled. The figures are without that.',
    sources: [factReference({ source: 'lambda-vllm-benchmark', heading: 'results/prompt_10/8xH100-80GB-SXM' })],
  }
}

function listText(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

function threeDigits(value: number): string {
  return String(Number(value.toPrecision(3)))
}
