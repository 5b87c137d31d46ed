import type { CalibrationErrors, ErrorSummary } from '../src/catalog/speed-profile.js'
import type { ResponseTime } from '../src/index.js'
import type { PerformancePrediction } from '../src/sizing/performance-prediction.js'
import { predictPerformance } from '../src/sizing/predict-performance.js'
import { intervalFactor } from './interval-factor.js'
import {
  assumedPromptTokens,
  documentedRows,
  type FittedConstants,
  fitConstants,
  hardwareOf,
  leaveOut,
  median,
  type PredictedRow,
  predictRows,
} from './response-time-fit.js'

/** A documented row, what the package predicts for it, and what fits without it predict. */
export interface ReportedRow {
  readonly row: ResponseTime
  /** From the shipped profile, through the public function. */
  readonly prediction: PerformancePrediction
  readonly withoutRow: PredictedRow
  readonly withoutMachine: PredictedRow
  readonly withoutModel: PredictedRow
}

/** Everything there is to say about the fit. */
export interface ResponseTimeReport {
  readonly rows: readonly ReportedRow[]
  /** The constants as they come out of the fit; those of the profile are these, rounded. */
  readonly fitted: FittedConstants
  readonly requestErrors: CalibrationErrors
  readonly totalErrors: CalibrationErrors
  readonly requestFactor: number
  readonly totalFactor: number
  /** Median error of the time per request by the prompt length that the rows are taken to have had. */
  readonly errorsByPromptTokens: Readonly<Record<number, number>>
}

/** A figure that a row and a prediction both have. */
export type FittedFigure = 'secondsPerRequest' | 'totalSeconds'

/** Fits the constants, with and without parts of the rows, and predicts every row. */
export function reportResponseTimes(): ResponseTimeReport {
  const withoutRow = leaveOut((row) => row)
  const withoutMachine = leaveOut(({ machine }) => machine)
  const withoutModel = leaveOut(({ model }) => model)
  const rows = documentedRows.map((row) => ({
    row,
    prediction: predictRow(row),
    withoutRow: rowOf(withoutRow, row),
    withoutMachine: rowOf(withoutMachine, row),
    withoutModel: rowOf(withoutModel, row),
  }))
  return {
    rows,
    fitted: fitConstants(documentedRows),
    requestErrors: errorsOf(rows, 'secondsPerRequest'),
    totalErrors: errorsOf(rows, 'totalSeconds'),
    requestFactor: intervalFactor(ratiosLeftOut(rows, 'secondsPerRequest')),
    totalFactor: intervalFactor(ratiosLeftOut(rows, 'totalSeconds')),
    errorsByPromptTokens: Object.fromEntries([50, 100, 200, 500].map((tokens) => [tokens, errorWith(tokens)])),
  }
}

function predictRow(row: ResponseTime): PerformancePrediction {
  return predictPerformance({
    model: row.model,
    ...hardwareOf(row),
    concurrency: row.requests,
    promptTokens: assumedPromptTokens,
    outputTokens: row.tokensPerResponse,
    basisPreference: 'model',
  })
}

function errorWith(promptTokens: number): number {
  const predicted = predictRows(documentedRows, fitConstants(documentedRows, promptTokens), promptTokens)
  return summary(predicted.map(({ row, secondsPerRequest }) => secondsPerRequest / row.secondsPerRequest)).median
}

function rowOf(rows: readonly PredictedRow[], row: ResponseTime): PredictedRow {
  const found = rows.find((predicted) => predicted.row === row)
  if (found === undefined) throw new RangeError(`no prediction for ${row.model} on the ${row.machine} machine`)
  return found
}

function errorsOf(rows: readonly ReportedRow[], figure: FittedFigure): CalibrationErrors {
  return {
    inSample: summary(rows.map(({ row, prediction }) => prediction[figure] / row[figure])),
    leaveOneRowOut: summary(rows.map(({ row, withoutRow }) => withoutRow[figure] / row[figure])),
    leaveOneMachineOut: summary(rows.map(({ row, withoutMachine }) => withoutMachine[figure] / row[figure])),
    leaveOneModelOut: summary(rows.map(({ row, withoutModel }) => withoutModel[figure] / row[figure])),
  }
}

function ratiosLeftOut(rows: readonly ReportedRow[], figure: FittedFigure): number[] {
  return rows.map(({ row, withoutRow }) => withoutRow[figure] / row[figure])
}

function summary(ratios: readonly number[]): ErrorSummary {
  const errors = ratios.map((ratio) => Math.abs(ratio - 1))
  return { median: roundTo(median(errors), 3), max: roundTo(Math.max(...errors), 3) }
}

/** How many rows lie inside an interval of this factor around predictions made without them. */
export function coveredBy(
  rows: readonly ReportedRow[],
  figure: FittedFigure,
  factor: number,
  without: 'withoutRow' | 'withoutMachine',
): number {
  return rows.filter((reported) => isWithin(reported[without][figure] / reported.row[figure], factor)).length
}

/** The same, where the factor too is recomputed without the row. */
export function coveredByOthersFactor(rows: readonly ReportedRow[], figure: FittedFigure): number {
  const ratios = ratiosLeftOut(rows, figure)
  return ratios.filter((ratio, index) => isWithin(ratio, intervalFactor(ratios.toSpliced(index, 1)))).length
}

function isWithin(ratio: number, factor: number): boolean {
  return ratio <= factor && ratio >= 1 / factor
}

/** Rounds to decimals. */
function roundTo(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
