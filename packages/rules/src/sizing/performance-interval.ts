import type { SpeedInterval } from '../catalog/speed-profile.js'
import type { PerformanceFigures } from './performance-figures.js'
import type { Interval } from './performance-prediction.js'

type Intervals = Record<keyof PerformanceFigures, Interval>

const factorOf = {
  secondsPerRequest: 'requestFactor',
  tokensPerSecondPerRequest: 'requestFactor',
  totalSeconds: 'totalFactor',
  totalTokensPerSecond: 'totalFactor',
  timeToFirstTokenMs: 'firstTokenFactor',
  interTokenLatencyMs: 'requestFactor',
} as const satisfies Record<keyof PerformanceFigures, keyof SpeedInterval>

/** The intervals around the model's figures. They are symmetrical as ratios: half as long is as likely as twice as long. */
export function intervalsAround(figures: PerformanceFigures, interval: SpeedInterval, isOutside: boolean): Intervals {
  const widening = isOutside ? interval.outsideFactor : 1
  return mapFigures((name) => {
    const factor = interval[factorOf[name]] * widening
    return { low: figures[name] / factor, high: figures[name] * factor }
  })
}

/** Widens intervals until they hold these figures too. */
export function includeFigures(intervals: Intervals, figures: PerformanceFigures): Intervals {
  return mapFigures((name) => ({
    low: Math.min(intervals[name].low, figures[name]),
    high: Math.max(intervals[name].high, figures[name]),
  }))
}

/** One value per figure. */
export function mapFigures<Value>(
  figureOf: (name: keyof PerformanceFigures) => Value,
): Record<keyof PerformanceFigures, Value> {
  return {
    secondsPerRequest: figureOf('secondsPerRequest'),
    tokensPerSecondPerRequest: figureOf('tokensPerSecondPerRequest'),
    totalSeconds: figureOf('totalSeconds'),
    totalTokensPerSecond: figureOf('totalTokensPerSecond'),
    timeToFirstTokenMs: figureOf('timeToFirstTokenMs'),
    interTokenLatencyMs: figureOf('interTokenLatencyMs'),
  }
}
