import type { ReportEntry } from './report-entry.js'

/** Reports for programs: a list, each report with the `file` it is about where that is known. */
export function formatJson(entries: readonly ReportEntry[]): string {
  return `${JSON.stringify(entries.map(withFile), null, 2)}\n`
}

/** One report for programs: the report itself. */
export function formatJsonReport(entry: ReportEntry): string {
  return `${JSON.stringify(withFile(entry), null, 2)}\n`
}

function withFile({ report, source }: ReportEntry): object {
  return source === undefined ? report : { file: source.name, ...report }
}
