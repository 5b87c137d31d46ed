import type { StartupLogMeasurement } from './startup-log.js'
import { type FigurePattern, figurePatterns } from './startup-log-lines.js'

type Figure = FigurePattern['figure']
type Figures = Partial<Record<Figure, number>>

const longestNumber = 24
const longestPhrase = 96

/** Reads the figures of a log. Every wording is searched once, so the time grows with the text alone. */
export function readFigures(log: string): StartupLogMeasurement {
  const figures: Figures = {}
  for (const pattern of figurePatterns) {
    const value = valueIn(log, pattern)
    // Wordings of one figure stand in the order of their precision.
    if (value !== undefined) figures[pattern.figure] ??= value
  }
  return measurementOf(figures)
}

function valueIn(log: string, pattern: FigurePattern): number | undefined {
  let chosen: number | undefined
  for (let at = log.indexOf(pattern.marker); at !== -1; at = log.indexOf(pattern.marker, at + pattern.marker.length)) {
    const number = numberAt(log, at, pattern)
    if (number === undefined) continue
    if (pattern.of === 'first') return number
    chosen = chosen === undefined ? number : pick(pattern, chosen, number)
  }
  return chosen
}

function numberAt(log: string, at: number, { marker, value, before }: FigurePattern): number | undefined {
  const end = at + marker.length
  const text = before === true ? log.slice(Math.max(0, at - longestNumber), at) : log.slice(end, end + longestPhrase)
  const digits = value.exec(text)?.[1]?.replaceAll(',', '')
  const number = Number(digits)
  return digits === undefined || digits === '' || !Number.isFinite(number) ? undefined : number
}

function pick({ of }: FigurePattern, one: number, other: number): number {
  return of === 'smallest' ? Math.min(one, other) : Math.max(one, other)
}

function measurementOf(figures: Figures): StartupLogMeasurement {
  const { consumedGiB, peakTorchGiB, peakActivationGiB, ...stated } = figures
  const { weightsGiB, cudaGraphsGiB } = stated
  // Some versions state sums only; those that state consumed memory count the graphs among the activations.
  const nonTorchGiB = stated.nonTorchGiB ?? rest(consumedGiB, weightsGiB)
  const counted = consumedGiB === undefined ? 0 : (cudaGraphsGiB ?? 0)
  const activationGiB = stated.activationGiB ?? rest(peakActivationGiB, counted) ?? rest(peakTorchGiB, weightsGiB)
  return {
    ...stated,
    ...(nonTorchGiB === undefined ? {} : { nonTorchGiB }),
    ...(activationGiB === undefined ? {} : { activationGiB }),
  }
}

function rest(sum: number | undefined, part: number | undefined): number | undefined {
  return sum === undefined || part === undefined ? undefined : sum - part
}
