import { formatPretty } from './formats/pretty.js'
import type { Report } from './report.js'

/** How a report can be written. */
export type ReportFormat = 'pretty' | 'json'

/** How `pretty` writes. */
export interface FormatReportOptions {
  /** Whether to emit ANSI colours. Default: false. */
  readonly color?: boolean | undefined
}

/**
 * Writes a report as text: `pretty` for people, `json` for programs. Ends with a line break.
 * @throws RangeError for another format
 */
export function formatReport(report: Report, format: ReportFormat, options: FormatReportOptions = {}): string {
  if (format === 'pretty') return formatPretty(report, options.color ?? false)
  if (format === 'json') return `${JSON.stringify(report, null, 2)}\n`
  throw new RangeError(`There is no report format '${String(format)}'. Use 'pretty' or 'json'.`)
}
