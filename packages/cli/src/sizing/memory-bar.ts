import type { MemoryEstimate } from '@duo-models/rules'
import type { Colors } from '../terminal.js'
import { formatGiB } from './format-figure.js'

interface Part {
  readonly label: string
  readonly sizeGiB: number
  /** Drawn without colours too, so that parts can be told apart. */
  readonly mark: string
  readonly paint: (text: string) => string
}

const usualWidth = 60
const leastWidth = 20

/** The memory of one GPU as a bar of weights, activations, other memory, KV cache and what is free, with a legend. */
export function formatMemoryBar({ perGpu }: MemoryEstimate, colors: Colors, columns: number): string {
  const parts: readonly Part[] = [
    { label: 'weights', sizeGiB: perGpu.weightsGiB, mark: '█', paint: colors.blue },
    { label: 'activations', sizeGiB: perGpu.activationGiB, mark: '▓', paint: colors.yellow },
    { label: 'other', sizeGiB: perGpu.nonTorchGiB + perGpu.cudaGraphsGiB, mark: '▒', paint: colors.magenta },
    { label: 'KV cache', sizeGiB: perGpu.kvCacheGiB, mark: '░', paint: colors.green },
    { label: 'free', sizeGiB: Math.max(0, perGpu.freeGiB), mark: '·', paint: colors.dim },
  ]
  const width = Math.max(leastWidth, Math.min(usualWidth, columns - 2))
  const cells = shareOut(
    parts.map(({ sizeGiB }) => sizeGiB),
    width,
  )
  const bar = parts.map(({ mark, paint }, index) => paint(mark.repeat(cells[index] ?? 0))).join('')
  const legend = parts.map(
    ({ label, sizeGiB, mark, paint }) =>
      `  ${paint(mark)} ${label.padEnd(11)} ${formatGiB(sizeGiB).padStart(11)}  ${percent(sizeGiB, perGpu.totalGiB)}`,
  )
  return [`  ${bar}`, ...legend].map((line) => `${line}\n`).join('')
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`.padStart(5)
}

/** Whole cells in proportion to sizes; the largest remainders get what rounding leaves. */
export function shareOut(sizes: readonly number[], cells: number): number[] {
  const sum = sizes.reduce((total, size) => total + size, 0)
  if (sum <= 0) return sizes.map(() => 0)
  const exact = sizes.map((size) => (size / sum) * cells)
  const shares = exact.map(Math.floor)
  const left = cells - shares.reduce((total, share) => total + share, 0)
  const byRemainder = exact.map((share, index) => ({ index, rest: share % 1 })).sort((a, b) => b.rest - a.rest)
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1
  return shares
}
