import type { SpeedConstants, SpeedProfile } from '../src/catalog/speed-profile.js'
import type { GpuId, ResponseTime } from '../src/index.js'
import { catalog } from '../src/index.js'
import { burstPerformance } from '../src/sizing/burst-performance.js'
import { type PerformanceCase, resolvePerformanceCase } from '../src/sizing/performance-case.js'
import { stepTimeModel } from '../src/sizing/step-time-model.js'
import { nelderMead } from './nelder-mead.js'

/** The constants that are fitted; everything else of the profile stays as it is. */
export interface FittedConstants {
  readonly bandwidthEfficiency: number
  readonly layerOverheadUs: number
  readonly sequenceOverheadUs: number
  readonly burstTail: number
}

/** A row and what a set of constants says about it. */
export interface PredictedRow {
  readonly row: ResponseTime
  readonly secondsPerRequest: number
  readonly totalSeconds: number
}

/** Errors beyond this share weigh less and less: rows that contradict the others do not bend the fit. */
const errorScale = 0.05

/** The documented rows. */
export const documentedRows: readonly ResponseTime[] = catalog.responseTimes

const profile = catalog.speedProfiles['a100-v0']

/** Prompts that the rows are taken to have had: the page does not say. */
export const assumedPromptTokens = profile.calibration?.assumedPromptTokens ?? 100

/** Fits the constants to rows: the mean times by the robust loss, the tail by the median of the measured ratios. */
export function fitConstants(rows: readonly ResponseTime[], promptTokens = assumedPromptTokens): FittedConstants {
  const loss = (at: readonly number[]) => {
    const predicted = predictRows(rows, { ...constantsAt(at), burstTail: 1 }, promptTokens)
    return sum(predicted.map(({ row, secondsPerRequest }) => lossOf(secondsPerRequest / row.secondsPerRequest)))
  }
  const starts = [
    [0.55, 45, 90],
    [0.65, 40, 70],
    [0.75, 30, 60],
  ]
  const fits = starts.map((start) => nelderMead(loss, start.map(Math.log)))
  const [best] = fits.sort((a, b) => a.value - b.value)
  return { ...constantsAt(best?.at ?? []), burstTail: tailOf(rows) }
}

function constantsAt(at: readonly number[]): Omit<FittedConstants, 'burstTail'> {
  const [efficiency = 0, layer = 0, sequence = 0] = at
  return {
    bandwidthEfficiency: Math.exp(efficiency),
    layerOverheadUs: Math.exp(layer),
    sequenceOverheadUs: Math.exp(sequence),
  }
}

function lossOf(ratio: number): number {
  return Math.log1p((Math.log(ratio) / errorScale) ** 2)
}

// The model's tail grows from 1 for one request to its constant for many.
function tailOf(rows: readonly ResponseTime[]): number {
  const bursts = rows.filter(({ requests }) => requests > 1)
  return median(bursts.map((row) => 1 + (row.totalSeconds / row.secondsPerRequest - 1) / (1 - 1 / row.requests)))
}

/** What the model says about rows with these constants. */
export function predictRows(
  rows: readonly ResponseTime[],
  fitted: FittedConstants,
  promptTokens = assumedPromptTokens,
): PredictedRow[] {
  const changed = withConstants(fitted)
  return rows.map((row) => predictRow(row, changed, promptTokens))
}

function predictRow(row: ResponseTime, changed: SpeedProfile, promptTokens: number): PredictedRow {
  const { settings, gpu } = caseOf(row)
  const model = stepTimeModel(settings, gpu, changed)
  const { secondsPerRequest, totalSeconds } = burstPerformance(model, row.requests, {
    promptTokens,
    outputTokens: row.tokensPerResponse,
    runningLimit: row.requests,
    tokensPerStep: settings.maxNumBatchedTokens,
  })
  return { row, secondsPerRequest, totalSeconds }
}

const cases = new Map<ResponseTime, PerformanceCase>()

function caseOf(row: ResponseTime): PerformanceCase {
  let found = cases.get(row)
  if (found === undefined) {
    found = resolvePerformanceCase({ model: row.model, ...hardwareOf(row) })
    cases.set(row, found)
  }
  return found
}

/** The GPUs of a row as the page describes them: every one of the machine. */
export function hardwareOf(row: ResponseTime): { readonly gpu: GpuId; readonly tensorParallelSize: number } {
  const machine = catalog.responseTimeMachines.find(({ size }) => size === row.machine)
  if (machine === undefined) throw new RangeError(`there is no ${row.machine} machine`)
  return { gpu: machine.documentedGpu, tensorParallelSize: machine.gpuCount }
}

function withConstants(fitted: FittedConstants): SpeedProfile {
  const constants: Record<string, SpeedConstants[keyof SpeedConstants]> = { ...profile.constants }
  for (const [name, value] of Object.entries(fitted)) constants[name] = { ...profile.constants.burstTail, value }
  return { ...profile, constants: { ...profile.constants, ...constants } }
}

/** Every row as predicted by constants that were fitted without the rows of its group. */
export function leaveOut(groupOf: (row: ResponseTime) => unknown): PredictedRow[] {
  const groups = [...new Set(documentedRows.map(groupOf))]
  const predicted = groups.flatMap((group) => {
    const others = documentedRows.filter((row) => groupOf(row) !== group)
    const left = documentedRows.filter((row) => groupOf(row) === group)
    return predictRows(left, fitConstants(others))
  })
  return predicted.sort((a, b) => documentedRows.indexOf(a.row) - documentedRows.indexOf(b.row))
}

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted.length >> 1
  const lower = (sorted.length - 1) >> 1
  return ((sorted[lower] ?? Number.NaN) + (sorted[upper] ?? Number.NaN)) / 2
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
