import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalog } from '../src/index.js'
import { coveredBy, coveredByOthersFactor, reportResponseTimes } from './response-time-report.js'
import { responseTimesPage } from './response-times-page.js'
import { predictReadings } from './speed-readings.js'

const report = reportResponseTimes()
const profile = catalog.speedProfiles['a100-v0']
const { calibration, constants, interval } = profile

describe('the profile a100-v0', () => {
  test('has the constants that come out of the fit, rounded', () => {
    const { fitted } = report
    expect(constants.bandwidthEfficiency.value).toBeCloseTo(fitted.bandwidthEfficiency, 3)
    expect(constants.layerOverheadUs.value).toBeCloseTo(fitted.layerOverheadUs, 0)
    expect(constants.sequenceOverheadUs.value).toBeCloseTo(fitted.sequenceOverheadUs, 1)
    expect(constants.burstTail.value).toBeCloseTo(fitted.burstTail, 3)
  })

  test('says itself how far off it is', () => {
    expect(calibration?.requestErrors).toEqual(report.requestErrors)
    expect(calibration?.totalErrors).toEqual(report.totalErrors)
    expect(calibration?.rows).toBe(catalog.responseTimes.length)
  })

  test('has intervals as wide as the errors on rows left out ask for', () => {
    expect(interval.requestFactor).toBe(Math.ceil(report.requestFactor * 100) / 100)
    expect(interval.totalFactor).toBe(Math.ceil(report.totalFactor * 100) / 100)
  })
})

describe('errors', () => {
  test('of the mean time are at most 5 % at the median, and 10 % on machines it has not seen', () => {
    expect(report.requestErrors.inSample.median).toBeLessThanOrEqual(0.05)
    expect(report.requestErrors.leaveOneRowOut.median).toBeLessThanOrEqual(0.05)
    expect(report.requestErrors.leaveOneMachineOut.median).toBeLessThanOrEqual(0.1)
    expect(report.totalErrors.leaveOneMachineOut.median).toBeLessThanOrEqual(0.1)
  })

  test('leave at least nine tenths of the rows inside the interval that a user sees', () => {
    const figures = ['secondsPerRequest', 'tokensPerSecondPerRequest', 'totalSeconds', 'totalTokensPerSecond'] as const
    for (const figure of figures) {
      const inside = report.rows.filter(
        ({ row, prediction }) =>
          row[figure] >= prediction.interval[figure].low && row[figure] <= prediction.interval[figure].high,
      )
      expect(inside.length / report.rows.length, figure).toBeGreaterThanOrEqual(0.9)
    }
  })

  test('leave as many inside when the constants were fitted without the row, or without its machine', () => {
    for (const without of ['withoutRow', 'withoutMachine'] as const) {
      expect(coveredBy(report.rows, 'secondsPerRequest', interval.requestFactor, without)).toBeGreaterThanOrEqual(17)
      expect(coveredBy(report.rows, 'totalSeconds', interval.totalFactor, without)).toBeGreaterThanOrEqual(17)
    }
    expect(coveredByOthersFactor(report.rows, 'secondsPerRequest')).toBeGreaterThanOrEqual(17)
  })

  test('are not bent to the rows that contradict the others', () => {
    for (const { row, prediction, withoutModel } of report.rows)
      if (row.conflict !== undefined)
        expect(prediction.secondsPerRequest / withoutModel.secondsPerRequest).toBeCloseTo(1, 1)
  })
})

test('every published reading lies inside the interval of its profile', () => {
  for (const { reading, decodeStepMs } of predictReadings()) {
    const { requestFactor } = catalog.speedProfiles[reading.profile as 'a100-v0'].interval
    const label = `${reading.profile} ${reading.model ?? reading.architecture?.name} x${reading.tensorParallelSize}`
    expect(decodeStepMs / reading.decodeStepMs, label).toBeLessThan(requestFactor)
    expect(decodeStepMs / reading.decodeStepMs, label).toBeGreaterThan(1 / requestFactor)
  }
})

test('docs/response-times.md is what the fit says (`pnpm --filter ./packages/rules run fit` writes it)', () => {
  const page = readFileSync(new URL('../../../docs/response-times.md', import.meta.url), 'utf8')
  expect(page).toBe(responseTimesPage(report))
})
