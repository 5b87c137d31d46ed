import type { DeploymentPlan, DeploymentPlanning, RejectedLayout } from '@duo-models/rules'
import { formatSections } from '../explain/section.js'
import type { Terminal } from '../terminal.js'
import { formatTable } from '../text/format-table.js'
import { notesSection } from './describe-size.js'
import { formatCount, formatGiB, formatMilliseconds } from './format-figure.js'

/** The plans as a table, with what there is to know about the first one. */
export function describePlans(plans: readonly DeploymentPlan[], terminal: Terminal): string {
  const models = new Set(plans.map(({ model }) => model))
  const head = ['#', ...(models.size > 1 ? ['model'] : []), ...columns.map(({ title }) => title)]
  const rows = plans.map((plan) => [
    String(plan.rank),
    ...(models.size > 1 ? [plan.model] : []),
    ...columns.map(({ show }) => show(plan)),
  ])
  const [first] = plans
  const title = models.size === 1 ? `${terminal.colors.bold(first?.model ?? '')}, cheapest first\n` : ''
  const notes = first === undefined ? undefined : notesSection(first.findings)
  const table = formatTable(head, rows, terminal)
  const about = notes === undefined ? '' : `\n${formatSections([{ ...notes, title: 'Notes on plan 1' }], terminal)}`
  return `${title}${table}${about}${explanation}`
}

interface Column {
  readonly title: string
  readonly show: (plan: DeploymentPlan) => string
}

const columns: readonly Column[] = [
  { title: 'copies', show: ({ replicas }) => String(replicas) },
  { title: 'GPUs of one', show: gpusOfOne },
  {
    title: 'machines',
    show: ({ machine, machineCount }) => (machine === undefined ? '-' : `${machineCount} × ${machine}`),
  },
  { title: 'all GPUs', show: ({ totalGpus }) => String(totalGpus) },
  { title: 'max-model-len', show: ({ maxModelLength }) => formatCount(maxModelLength) },
  { title: 'max-num-seqs', show: ({ maxNumSeqs }) => String(maxNumSeqs) },
  { title: 'cache left', show: ({ headroomGiB }) => formatGiB(headroomGiB) },
  { title: 'first token', show: ({ performance }) => formatMilliseconds(performance.timeToFirstTokenMs) },
  { title: 'per token', show: ({ performance }) => formatMilliseconds(performance.interTokenLatencyMs) },
  {
    title: 'tokens/s',
    show: ({ performance, replicas }) => formatCount(performance.totalTokensPerSecond * replicas),
  },
  { title: 'documented minimum', show: minimum },
  { title: 'cost', show: ({ relativeCost }) => relativeCost.toFixed(2) },
]

function gpusOfOne({ gpu, tensorParallelSize, pipelineParallelSize, nodesPerReplica }: DeploymentPlan): string {
  if (nodesPerReplica === 1) return `${tensorParallelSize} × ${gpu}`
  return `${nodesPerReplica} machines of ${tensorParallelSize} × ${gpu} (pipeline ${pipelineParallelSize})`
}

function minimum({ documentedMinimum }: DeploymentPlan): string {
  if (documentedMinimum === undefined) return 'none'
  const { gpu, gpuCount, isMet } = documentedMinimum
  return `${gpuCount} × ${gpu}${isMet ? '' : ', not met'}`
}

const explanation = `
Latencies and rates are estimates; "first token" and "per token" are means under the planned load. cost compares plans:
one A100 with 80 GB counts 1, unless prices are given.
`

/** Why there is no plan: each layout with its reason, the same reasons together. */
export function describeRejections({ rejected }: DeploymentPlanning, terminal: Terminal): string {
  const rows = rejected.map((layout) => [layoutOf(layout), layout.reason])
  const shown = rows.slice(0, mostShown)
  const rest = rows.length - shown.length
  const more = rest > 0 ? `And ${rest} more; --json lists them all.\n` : ''
  return `No plan serves this workload.\n\n${formatTable(['layout', 'why not'], shown, terminal)}${more}`
}

const mostShown = 20

function layoutOf({ model, machine, gpu, tensorParallelSize, pipelineParallelSize }: RejectedLayout): string {
  const gpus = `${tensorParallelSize * pipelineParallelSize} × ${gpu}`
  return `${model} on ${machine === undefined ? gpus : `${gpus} (${machine})`}`
}
