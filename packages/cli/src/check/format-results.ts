import { formatReport, type ReportFormat } from '@duo-models/rules'
import { CliError } from '../cli-error.js'
import type { CheckedFile, ReadableFile } from './checked-file.js'
import { formatPretty, type PrettyLayout } from './format-pretty.js'

/**
 * Makes sure that a format exists, before any file is read. Which ones exist is up to `formatReport`.
 * @throws CliError naming the formats there are
 */
export function parseFormat(name: string): ReportFormat {
  const format = name as ReportFormat
  try {
    formatReport({ ok: true, verdict: 'ok', findings: [], deployments: {} }, format)
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, { cause: error })
    throw error
  }
  return format
}

/**
 * The results of all files. `json` is one object for one file and a list for several, with the file that could not be
 * checked as `{ file, ok: false, error }`; every other format is one report after another.
 */
export function formatResults(results: readonly CheckedFile[], format: ReportFormat, layout: PrettyLayout): string {
  if (format === 'json') return formatJson(results)
  const readable = results.filter((result): result is ReadableFile => 'report' in result)
  if (format === 'pretty') return readable.map((result) => formatPretty(result, layout)).join('\n')
  return readable.map(({ report }) => formatReport(report, format)).join('')
}

function formatJson(results: readonly CheckedFile[]): string {
  const objects = results.map((result) =>
    'report' in result
      ? { file: result.file, ...result.report }
      : { file: result.file, ok: false, error: result.error },
  )
  return `${JSON.stringify(objects.length === 1 ? objects[0] : objects, null, 2)}\n`
}
