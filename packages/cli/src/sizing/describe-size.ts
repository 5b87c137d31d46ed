import {
  catalog,
  type Finding,
  type FittingChange,
  findModel,
  type LargestConcurrency,
  type LargestContext,
  type MemoryEstimate,
  type PerformancePrediction,
  type StartupLog,
} from '@duo-models/rules'
import { formatSections, type Section } from '../explain/section.js'
import type { Terminal } from '../terminal.js'
import { formatTable } from '../text/format-table.js'
import { formatCount, formatGiB, formatMilliseconds } from './format-figure.js'
import { formatMemoryBar } from './memory-bar.js'

/** Everything that `duo-models size` found out. */
export interface SizeAnswer {
  /** What messages call the model. */
  readonly name: string
  readonly estimate: MemoryEstimate
  readonly largestContext: LargestContext
  readonly largestConcurrency: LargestConcurrency
  readonly changes: readonly FittingChange[]
  /** Absent where speed cannot be told: a GPU outside the catalog. */
  readonly performance?: PerformancePrediction
  readonly log?: StartupLog
}

/** The answer for people. */
export function describeSize(answer: SizeAnswer, terminal: Terminal): string {
  const { estimate, changes, log } = answer
  const { colors, columns } = terminal
  const parts = [
    `${headline(answer, terminal)}\n`,
    `${colors.bold(`Memory of one GPU, ${formatGiB(estimate.perGpu.totalGiB)} (${basisOf(estimate)})`)}\n${formatMemoryBar(estimate, colors, columns)}`,
    formatSections([cacheSection(answer), ...speedSections(answer), ...documentedSections(answer)], terminal),
  ]
  if (log?.comparison !== undefined) parts.push(`${colors.bold('Start-up log')}\n${comparisonTable(log, terminal)}`)
  if (log?.notCompared !== undefined) parts.push(`Start-up log: not compared. ${log.notCompared}\n`)
  if (changes.length > 0) parts.push(`${colors.bold('What would make room')}\n${changesTable(changes, terminal)}`)
  const notes = notesSection([...estimate.findings, ...(answer.performance?.findings ?? [])])
  if (notes !== undefined) parts.push(formatSections([notes], terminal))
  return parts.join('\n')
}

function headline({ name, estimate }: SizeAnswer, { colors }: Terminal): string {
  const { settings, fits } = estimate
  const gpu = catalog.gpus[settings.gpu as keyof typeof catalog.gpus]?.name ?? 'GPU'
  const verdict = fits ? colors.green('vLLM starts') : colors.red('vLLM does not start')
  const split = settings.gpuCount === 1 ? '' : `, ${splitOf(settings)}`
  return `${colors.bold(name)} on ${settings.gpuCount} × ${gpu}${split}, vLLM ${settings.vllmVersion}: ${verdict}`
}

function splitOf({ tensorParallelSize, pipelineParallelSize }: MemoryEstimate['settings']): string {
  const tensor = `tensor parallel size ${tensorParallelSize}`
  return pipelineParallelSize === 1 ? tensor : `${tensor}, pipeline parallel size ${pipelineParallelSize}`
}

function basisOf({ basis, confidence }: MemoryEstimate): string {
  if (basis === 'calibrated') return 'calibrated by the start-up log'
  return confidence === 'high' ? 'estimate' : 'estimate, low confidence'
}

function cacheSection({ estimate, largestContext, largestConcurrency }: SizeAnswer): Section {
  const { settings, kvCacheTokens, kvCacheBlocks, kvCacheBytesPerToken, maxConcurrency } = estimate
  return {
    title: 'KV cache',
    rows: [
      ['tokens', `${formatCount(kvCacheTokens)} (${formatCount(kvCacheBlocks)} blocks of ${settings.blockSize})`],
      ['per token', `${formatCount(kvCacheBytesPerToken)} bytes on each GPU`],
      ['at once', `${maxConcurrency.toFixed(2)} requests of ${formatCount(settings.maxModelLength)} tokens`],
      ['largest context', `${formatCount(largestContext.maxModelLength)} tokens`],
      [
        'largest concurrency',
        `${formatCount(largestConcurrency.concurrency)} requests of ${formatCount(settings.maxModelLength)} tokens, with --max-num-seqs ${largestConcurrency.maxNumSeqs}`,
      ],
    ],
  }
}

function speedSections({ performance }: SizeAnswer): Section[] {
  if (performance === undefined) return []
  const { workload, interval, basis, profile } = performance
  const range = ({ low, high }: { low: number; high: number }, show: (value: number) => string) =>
    `(${show(low)} to ${show(high)})`
  const seconds = (value: number) => `${value.toPrecision(3)} s`
  const rate = (value: number) => `${value.toPrecision(3)} tokens/s`
  return [
    {
      title: `Speed, ${basis}: ${formatCount(workload.concurrency)} at once, prompts of ${formatCount(workload.promptTokens)} and responses of ${formatCount(workload.outputTokens)} tokens, profile ${profile}`,
      rows: [
        [
          'time to first token',
          `${formatMilliseconds(performance.timeToFirstTokenMs)} ${range(interval.timeToFirstTokenMs, formatMilliseconds)}`,
        ],
        [
          'inter-token latency',
          `${formatMilliseconds(performance.interTokenLatencyMs)} ${range(interval.interTokenLatencyMs, formatMilliseconds)}`,
        ],
        ['per request', `${seconds(performance.secondsPerRequest)} ${range(interval.secondsPerRequest, seconds)}`],
        ['all together', `${rate(performance.totalTokensPerSecond)} ${range(interval.totalTokensPerSecond, rate)}`],
      ],
    },
  ]
}

function documentedSections({ name }: SizeAnswer): Section[] {
  const id = findModel(name).model?.id
  const row = catalog.hardwareRequirements.gpuRows.find(({ models }) => models.some((model) => model === id))
  if (row === undefined) return []
  const { gpu, gpuCount, minimumVramGB, label } = row
  return [
    {
      title: 'Documented minimum',
      rows: [[label, `${gpuCount} × ${catalog.gpus[gpu].name}, ${minimumVramGB} GB of VRAM`]],
    },
  ]
}

function changesTable(changes: readonly FittingChange[], terminal: Terminal): string {
  const rows = changes.map(({ flags, gainTokens, maxConcurrency, fits, cost }) => [
    flags,
    fits ? 'yes' : 'no',
    `+${formatCount(gainTokens)}`,
    maxConcurrency.toFixed(2),
    cost,
  ])
  return formatTable(['change', 'starts', 'tokens', 'at once', 'what it costs'], rows, terminal)
}

function comparisonTable({ comparison }: StartupLog, terminal: Terminal): string {
  const rows = Object.entries(comparison ?? {}).map(([figure, { estimated, logged, errorPercent }]) => [
    figure,
    estimated.toPrecision(6),
    logged.toPrecision(6),
    errorPercent === undefined ? '' : `${errorPercent >= 0 ? '+' : ''}${errorPercent.toFixed(1)} %`,
  ])
  return formatTable(['figure', 'estimate', 'log', 'off by'], rows, terminal)
}

/** Findings as notes, each message once. */
export function notesSection(findings: readonly Finding[]): Section | undefined {
  const messages = new Map(findings.map(({ message, severity, fix }) => [message, { severity, fix }]))
  if (messages.size === 0) return undefined
  const rows = [...messages].map(([message, { severity, fix }]): readonly [string, string] => [
    severity,
    fix === undefined ? message : `${message} ${fix.description}`,
  ])
  return { title: 'Notes', rows }
}
