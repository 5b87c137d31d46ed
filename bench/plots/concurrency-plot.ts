import type { ThroughputSample } from '../../packages/core/src/testing/simulate-throughput.js'
import type { EventPeriod } from './event-periods.js'

/** What a plot shows. */
export interface ConcurrencyPlotOptions {
  readonly title: string
  readonly description: string
  readonly adaptive: readonly ThroughputSample[]
  /** A run of the best fixed setting, and that setting for each replica. */
  readonly fixed: readonly ThroughputSample[]
  readonly fixedLevel: number
  readonly replicas: number
  readonly periods: readonly EventPeriod[]
}

/** One value of a line. */
interface Point {
  readonly setting: string
  readonly seconds: number
  readonly value: number
}

const adaptiveName = 'adaptive'
const adaptiveColor = '#1a5fb4'
const fixedColor = '#e66100'
const eventColor = '#deddda'
const inkColor = '#3d3846'
/** More points than this are more than the plot has room for. */
const mostPoints = 200
const width = 640
/** Without a canvas, Vega takes text to be wider than it is; longer lines would widen the plot. */
const lineLength = 76

/** Throughput and limit over time, one above the other: a Vega-Lite specification. */
export function concurrencyPlot(options: ConcurrencyPlotOptions): Readonly<Record<string, unknown>> {
  const { title, adaptive, fixed, fixedLevel, replicas, periods } = options
  const fixedName = `best fixed limit: ${fixedLevel}${replicas === 1 ? '' : ` for each of ${replicas} replicas`}`
  const endMs = adaptive.at(-1)?.atMs ?? 0
  const fixedLimit = [0, endMs].map((atMs) => point(fixedName, atMs, fixedLevel * replicas))
  // The last line is drawn over the others.
  const throughputs = [...throughputPoints(fixedName, fixed, endMs), ...throughputPoints(adaptiveName, adaptive, endMs)]
  const limits = [...fixedLimit, ...limitPoints(adaptive)]
  const x = { field: 'seconds', type: 'quantitative', scale: { domain: [0, endMs / 1_000], nice: false } }
  const color = colorBy(fixedName)
  const panel = (values: readonly Point[], yTitle: string, xTitle: string | null, interpolate: string) => ({
    width,
    height: 130,
    layer: [
      shades(periods),
      {
        data: { values },
        mark: { type: 'line', strokeWidth: 1.5, interpolate },
        encoding: {
          x: { ...x, title: xTitle },
          y: { field: 'value', type: 'quantitative', title: yTitle },
          color,
        },
      },
    ],
  })
  return {
    ...look,
    title: { text: title, subtitle: subtitleOf(options), anchor: 'start' },
    vconcat: [
      panel(throughputs, 'output (tokens/s)', null, 'linear'),
      panel(limits, 'limit (requests)', 'time (s)', 'step-after'),
    ],
  }
}

/** A background of its own, so that it can be read on a dark page too. */
const look = {
  background: '#ffffff',
  padding: 12,
  bounds: 'flush',
  spacing: 36,
  config: {
    aria: false,
    font: 'Helvetica, Arial, sans-serif',
    title: { color: inkColor, subtitleColor: inkColor, fontSize: 14, subtitleFontSize: 11, offset: 26 },
    axis: { labelColor: inkColor, titleColor: inkColor, gridColor: '#f0f0f0', titleFontWeight: 'normal' },
    axisY: { tickCount: 4, minExtent: 44 },
    legend: { labelColor: inkColor },
    view: { stroke: null },
  },
} as const

function colorBy(fixedName: string) {
  return {
    field: 'setting',
    type: 'nominal',
    title: null,
    scale: { domain: [adaptiveName, fixedName], range: [adaptiveColor, fixedColor] },
    legend: { orient: 'top', symbolType: 'stroke', symbolStrokeWidth: 3, labelLimit: 400 },
  }
}

function shades(periods: readonly EventPeriod[]) {
  return {
    data: { values: periods.map(({ fromMs, toMs }) => ({ from: fromMs / 1_000, to: toMs / 1_000 })) },
    mark: { type: 'rect', color: eventColor },
    encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
  }
}

/** Every few samples as one. */
function throughputPoints(setting: string, samples: readonly ThroughputSample[], endMs: number): readonly Point[] {
  const size = Math.max(1, Math.ceil(endMs / 1_000 / mostPoints))
  const shown = samples.filter(({ atMs }) => atMs <= endMs)
  const points: Point[] = []
  for (let end = size; end <= shown.length; end += size) {
    const group = shown.slice(end - size, end)
    const tokens = group.reduce((sum, { outputTokensPerSecond }) => sum + outputTokensPerSecond, 0) / size
    points.push(point(setting, group.at(-1)?.atMs ?? 0, Math.round(tokens)))
  }
  return points
}

/** Where it changes, and both ends. */
function limitPoints(samples: readonly ThroughputSample[]): readonly Point[] {
  return samples
    .filter(({ limit }, index) => limit !== samples[index - 1]?.limit || index === samples.length - 1)
    .map(({ atMs, limit }) => point(adaptiveName, atMs, limit))
}

function point(setting: string, atMs: number, value: number): Point {
  return { setting, seconds: atMs / 1_000, value }
}

/** A text in lines that fit the width. */
function subtitleOf({ description, periods, replicas }: ConcurrencyPlotOptions): readonly string[] {
  const grey = periods.length > 0 ? ' Grey: while it lasts.' : ''
  const together = replicas > 1 ? ' Shown are all replicas together.' : ''
  const lines = `${description}${grey}${together}`.match(new RegExp(`.{1,${lineLength}}(\\s|$)`, 'g')) ?? []
  return lines.map((line) => line.trim())
}
