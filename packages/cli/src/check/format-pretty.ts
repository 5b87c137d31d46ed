import type { FactReference, Finding, Report, Severity } from '@duo-models/rules'
import type { Colors } from '../terminal.js'
import { count } from '../text/count.js'
import { escapeControlCharacters } from '../text/escape-control-characters.js'
import { wrapText } from '../text/wrap-text.js'
import type { ReadableFile } from './checked-file.js'

/** How findings are laid out for people. */
export interface PrettyLayout {
  readonly colors: Colors
  /** Longest line in characters; `Infinity` for no limit. */
  readonly columns: number
}

/**
 * A report for people: every finding behind its `file:line:column`, which editors and terminals open at a click, then
 * one line per deployment and one for the file.
 */
export function formatPretty({ file, report }: ReadableFile, layout: PrettyLayout): string {
  const findings = report.findings.map((finding) => `${formatFinding(file, finding, layout)}\n`)
  return [...findings, formatDeployments(report, layout), `${formatSummary(file, report, layout)}\n`].join('')
}

/** Where a finding stands, as `file:line:column`; the file alone where the text has no such place. */
export function formatPlace(file: string, { position }: Finding): string {
  return escapeControlCharacters(position === undefined ? file : `${file}:${position.line}:${position.column}`)
}

function formatFinding(file: string, finding: Finding, layout: PrettyLayout): string {
  const { colors, columns } = layout
  const { severity, rule, path, message, fix, sources } = finding
  const paint = painter(colors, severity)
  const where = path === '' ? '' : colors.dim(`  ${escapeControlCharacters(path)}`)
  const details = [message]
  if (fix !== undefined) details.push(`Fix: ${fix.description}${fix.patch === undefined ? '' : ' (--fix does it)'}`)
  if (sources.length > 0) details.push(`Source: ${sources.map(formatSource).join('; ')}`)
  const lines = details.flatMap((detail) =>
    wrapText(escapeControlCharacters(detail).replaceAll('\n', ' '), columns, '  '),
  )
  return [`${colors.bold(formatPlace(file, finding))}  ${paint(severity)}  ${rule}${where}`, ...lines, ''].join('\n')
}

function formatSource({ title, heading, url }: FactReference): string {
  return `${title}${heading === undefined ? '' : `, "${heading}"`}${url === undefined ? '' : ` <${url}>`}`
}

function formatDeployments({ deployments }: Report, { colors }: PrettyLayout): string {
  const rows = Object.entries(deployments).map(
    ([name, { verdict }]) => [escapeControlCharacters(name), verdict] as const,
  )
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return rows.map(([name, verdict]) => `${colors.dim('deployment')} ${name.padEnd(width)}  ${verdict}\n`).join('')
}

function formatSummary(file: string, report: Report, { colors }: PrettyLayout): string {
  const counts = (['error', 'warning', 'info'] as const)
    .map((severity) => ({ severity, number: countSeverity(report, severity) }))
    .filter(({ number }) => number > 0)
    .map(({ severity, number }) => painter(colors, severity)(count(number, severity)))
  const verdict = report.ok ? colors.green(report.verdict) : colors.red(report.verdict)
  return `${escapeControlCharacters(file)}: ${verdict}, ${counts.length === 0 ? 'nothing to report' : counts.join(', ')}`
}

/** How many findings of a severity a report holds. */
export function countSeverity({ findings }: Report, severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length
}

function painter(colors: Colors, severity: Severity): (text: string) => string {
  return { error: colors.red, warning: colors.yellow, info: colors.cyan }[severity]
}
