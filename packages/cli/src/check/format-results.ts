import {
  formatReport,
  formatReports,
  type Report,
  type ReportEntry,
  type ReportFormat,
  reportFormats,
} from '@duo-models/rules'
import { CliError } from '../cli-error.js'
import type { CheckedFile } from './checked-file.js'

/**
 * Makes sure that a format exists, before any file is read.
 * @throws CliError naming the formats there are
 */
export function parseFormat(name: string): ReportFormat {
  const format = reportFormats.find((known) => known === name)
  if (format === undefined)
    throw new CliError(`There is no report format '${name}'. Use one of ${reportFormats.join(', ')}.`)
  return format
}

/**
 * The results of all files as one document. A file that could not be checked is an error in it; for people it already
 * stands among the errors.
 */
export function formatResults(results: readonly CheckedFile[], format: ReportFormat, color: boolean): string {
  const shown = format === 'pretty' ? results.filter((result) => 'report' in result) : results
  const entries = shown.map(toEntry)
  const [first, ...others] = entries
  if (first === undefined) return ''
  if (others.length > 0) return formatReports(entries, format, { color })
  return formatReport(first.report, format, { color, source: first.source })
}

function toEntry(result: CheckedFile): ReportEntry {
  if ('report' in result) return { report: result.report, source: result.source }
  return { report: unreadable(result.error), source: { name: result.file } }
}

function unreadable(message: string): Report {
  const finding = { rule: 'config-unreadable', severity: 'error', path: '', message, sources: [] } as const
  return { ok: false, verdict: 'invalid', findings: [finding], deployments: {} }
}
