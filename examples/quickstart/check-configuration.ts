import type { Report } from '@duo-models/rules'
import Table from 'cli-table3'
import colors from 'picocolors'

const columns = ['code-completion', 'code-generation', 'duo-chat'] as const

const severityMarks = { error: colors.red('error  '), warning: colors.yellow('warning'), info: colors.blue('info   ') }

/** Shows what the rules say: a row per deployment, a line per finding. */
export function checkConfiguration(report: Report): void {
  const head = ['deployment', 'verdict', ...columns].map((title) => colors.bold(title))
  // The table's own colours would not heed NO_COLOR.
  const table = new Table({ head, style: { head: [], border: [] } })
  for (const [name, { verdict, features }] of Object.entries(report.deployments))
    table.push([name, verdict, ...columns.map((column) => colourLevel(features[column]?.level ?? '–'))])
  console.log(table.toString())
  for (const { severity, rule, path, message } of report.findings)
    console.log(`${severityMarks[severity]} ${message} ${colors.dim(`[${rule} at ${path || '/'}]`)}`)
  console.log(`Verdict: ${colors.bold(report.verdict)}`)
}

function colourLevel(level: string): string {
  if (level === 'full' || level === 'yes') return colors.green(level)
  if (level === 'partial') return colors.yellow(level)
  if (level === 'none' || level === 'no') return colors.red(level)
  return level
}
