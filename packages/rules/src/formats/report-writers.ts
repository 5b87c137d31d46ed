import { formatGitHub } from './github.js'
import { formatJson } from './json.js'
import { formatJUnit } from './junit.js'
import { formatPretty } from './pretty.js'
import type { ReportEntry } from './report-entry.js'
import type { ReportStyle } from './report-style.js'
import { formatSarif } from './sarif.js'

/** How a report can be written: for people, for programs, or for tools that know one of these formats. */
export type ReportFormat = 'pretty' | 'json' | 'sarif' | 'github' | 'junit'

/** The writer of each format. */
export const reportWriters: Readonly<
  Record<ReportFormat, (entries: readonly ReportEntry[], style: ReportStyle) => string>
> = { pretty: formatPretty, json: formatJson, sarif: formatSarif, github: formatGitHub, junit: formatJUnit }
