import { burstPerformance } from './burst-performance.js'
import { type DocumentedResponseTime, documentedResponseTime } from './documented-response-time.js'
import { type Extrapolation, extrapolationOf } from './performance-basis.js'
import { type PerformanceCase, resolvePerformanceCase } from './performance-case.js'
import type { PerformanceFigures, RequestLoad } from './performance-figures.js'
import { performanceFindings } from './performance-findings.js'
import type { PerformanceInput } from './performance-input.js'
import { includeFigures, intervalsAround, mapFigures } from './performance-interval.js'
import type { PerformanceBasis, PerformancePrediction, PredictedWorkload } from './performance-prediction.js'
import { profileSources, rowSource } from './performance-sources.js'
import { type RequestLengths, resolveLengths } from './request-lengths.js'
import { type ServingCapacity, servingCapacity } from './serving-capacity.js'
import { SizingInputError } from './sizing-input-error.js'
import { type SteadyPerformance, steadyCapacity, steadyPerformance } from './steady-performance.js'
import { type StepTimeModel, stepTimeModel } from './step-time-model.js'

/**
 * Predicts response times and rates of a served model. Where a row of GitLab's response-time tables answers the
 * question, it is returned and named; everything else is an estimate from the step times of a speed profile, with an
 * interval.
 *
 * The estimate counts what a step of vLLM has to read and to compute, adds the measured overheads of the engine, and
 * follows a burst of `concurrency` requests, or a steady rate of `requestsPerSecond`. Prefix caching, speculative
 * decoding and LoRA adapters are not counted.
 *
 * @throws SizingInputError for an unknown model, GPU, machine or profile, a number out of range, a tensor parallel size
 * that the model cannot have, and a request longer than the model's context
 */
export function predictPerformance(input: PerformanceInput): PerformancePrediction {
  const question = resolvePerformanceCase(input)
  const documented = input.basisPreference === 'model' ? undefined : documentedResponseTime(input, question)
  const lengths = resolveLengths(input, question, documented?.row.tokensPerResponse)
  const capacity = servingCapacity(question, lengths.promptTokens + lengths.outputTokens)
  const load = { ...lengths, runningLimit: capacity.runningLimit, tokensPerStep: question.settings.maxNumBatchedTokens }
  const model = stepTimeModel(question.settings, question.gpu, question.profile)
  const { requestsPerSecond, concurrency = 1 } = input
  const figures =
    requestsPerSecond === undefined
      ? burstPerformance(model, concurrency, load)
      : steadyPerformance(model, requestsPerSecond, load)
  checkFigures(figures, question)
  const workload = workloadOf(input, lengths, figures)
  const extrapolation = extrapolationOf(question, workload)
  return {
    ...answerOf(question, figures, extrapolation, documented),
    profile: question.profile.id,
    workload,
    ...limitsOf({ input, question, workload, documented, extrapolation, capacity }, model, load),
    sources: [...(documented === undefined ? [] : [rowSource(documented)]), ...profileSources(question.profile)],
  }
}

function workloadOf(
  { requestsPerSecond, concurrency = 1 }: PerformanceInput,
  lengths: RequestLengths,
  figures: PerformanceFigures | SteadyPerformance,
): PredictedWorkload {
  if (requestsPerSecond === undefined || !('concurrency' in figures)) return { concurrency, ...lengths }
  return { concurrency: figures.concurrency, requestsPerSecond, ...lengths }
}

// An architecture that a caller wrote by hand is believed, but nonsense in it shows here.
function checkFigures({ secondsPerRequest }: PerformanceFigures, { settings }: PerformanceCase): void {
  if (Number.isFinite(secondsPerRequest) && secondsPerRequest > 0) return
  throw new SizingInputError({
    field: 'architecture',
    value: settings.architecture.name,
    expected: 'an architecture whose numbers are positive, such as readHuggingFaceConfig makes it,',
  })
}

type Answer = Pick<
  PerformancePrediction,
  keyof PerformanceFigures | 'interval' | 'basis' | 'figureBasis' | 'documentedRow'
>

function answerOf(
  { profile }: PerformanceCase,
  estimated: PerformanceFigures,
  { unmeasured, beyondCalibration }: Extrapolation,
  documented: DocumentedResponseTime | undefined,
): Answer {
  const isOutside = unmeasured.length > 0 || (profile.standing === 'calibrated' && beyondCalibration.length > 0)
  const interval = intervalsAround(estimated, profile.interval, isOutside)
  const basis: PerformanceBasis = unmeasured.length + beyondCalibration.length > 0 ? 'extrapolated' : 'calibrated'
  if (documented === undefined)
    return { ...figuresAlone(estimated), interval, basis, figureBasis: mapFigures(() => basis) }
  const { row } = documented
  const figures = figuresOfRow(documented, estimated)
  return {
    ...figures,
    interval: includeFigures(interval, figures),
    basis: 'documented',
    figureBasis: mapFigures((name) => (Object.hasOwn(row, name) ? 'documented' : basis)),
    documentedRow: row,
  }
}

function figuresAlone(figures: PerformanceFigures): PerformanceFigures {
  return mapFigures((name) => figures[name])
}

// The time between tokens is what the row leaves for it: its mean time, less the estimated time to the first token.
function figuresOfRow({ row }: DocumentedResponseTime, { timeToFirstTokenMs }: PerformanceFigures): PerformanceFigures {
  return {
    secondsPerRequest: row.secondsPerRequest,
    tokensPerSecondPerRequest: row.tokensPerSecondPerRequest,
    totalSeconds: row.totalSeconds,
    totalTokensPerSecond: row.totalTokensPerSecond,
    timeToFirstTokenMs,
    interTokenLatencyMs: (row.secondsPerRequest * 1000 - timeToFirstTokenMs) / (row.tokensPerResponse - 1),
  }
}

interface LimitFacts {
  readonly input: PerformanceInput
  readonly question: PerformanceCase
  readonly workload: PredictedWorkload
  readonly documented: DocumentedResponseTime | undefined
  readonly extrapolation: Extrapolation
  readonly capacity: ServingCapacity
}

type Limits = Pick<PerformancePrediction, 'runningLimit' | 'saturated' | 'capacityRequestsPerSecond' | 'findings'>

function limitsOf(facts: LimitFacts, model: StepTimeModel, load: RequestLoad): Limits {
  const { runningLimit } = facts.capacity
  const { requestsPerSecond, concurrency } = facts.workload
  const capacityRequestsPerSecond = steadyCapacity(model, load)
  const saturated =
    requestsPerSecond === undefined ? concurrency > runningLimit : requestsPerSecond >= capacityRequestsPerSecond
  const findings = performanceFindings({ ...facts, capacityRequestsPerSecond })
  return { runningLimit, saturated, capacityRequestsPerSecond, findings }
}
