import { builtInRules } from './checks/index.js'
import { formatJsonReport } from './formats/json.js'
import type { ReportEntry, ReportSource } from './formats/report-entry.js'
import type { ReportStyle } from './formats/report-style.js'
import { type ReportFormat, reportWriters } from './formats/report-writers.js'
import type { Report } from './report.js'
import type { Rule } from './rule.js'

/** Every format that `formatReport` writes, for menus and options. */
export const reportFormats: readonly ReportFormat[] = Object.freeze(
  Object.keys(reportWriters).filter((name) => isReportFormat(name)),
)

/** How reports are written. */
export interface FormatReportsOptions {
  /** Whether `pretty` emits ANSI colours. Default: false. */
  readonly color?: boolean | undefined
  /** The rules that ran, which `sarif` describes. Default: `builtInRules`. */
  readonly rules?: readonly Rule[] | undefined
  /**
   * Absolute address of a folder that holds a page `<rule id>.md` per rule; `sarif` links to them. Default: links to
   * the page of the documentation that a rule rests on.
   */
  readonly ruleDocsUrl?: string | undefined
}

/** How one report is written. */
export interface FormatReportOptions extends FormatReportsOptions {
  /** The file the report is about, and its text. */
  readonly source?: ReportSource | undefined
}

/**
 * Writes a report as text: `pretty` for people, `json` for programs, `sarif` (2.1.0) for code scanning, `github` for
 * annotations by GitHub Actions, `junit` for test reports. Ends with a line break; `github` is empty for a report
 * without findings. Never shows a secret that stands in the source's text.
 *
 * @example
 * const source = { name: 'duo-models.yaml', text }
 * console.error(formatReport(report, 'pretty', { source, color: true }))
 *
 * @throws RangeError for another format, naming those there are
 */
export function formatReport(report: Report, format: ReportFormat, options: FormatReportOptions = {}): string {
  const entry: ReportEntry = { report, source: options.source }
  // One report is the report itself; a list is for those who write several.
  return format === 'json' ? formatJsonReport(entry) : formatReports([entry], format, options)
}

/**
 * Writes the reports of several files as one document: one SARIF run, one JUnit document, one JSON list. Each report
 * carries the file it is about in `source`.
 * @throws RangeError for another format, naming those there are
 */
export function formatReports(
  entries: readonly ReportEntry[],
  format: ReportFormat,
  options: FormatReportsOptions = {},
): string {
  if (!isReportFormat(format))
    throw new RangeError(`There is no report format '${String(format)}'. Use one of ${reportFormats.join(', ')}.`)
  return reportWriters[format](entries, styleOf(options))
}

function styleOf({ color = false, rules = builtInRules, ruleDocsUrl }: FormatReportsOptions): ReportStyle {
  return { color, rules, ruleDocsUrl }
}

function isReportFormat(name: string): name is ReportFormat {
  return Object.hasOwn(reportWriters, name)
}
