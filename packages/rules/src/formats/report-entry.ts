import type { TextPosition } from '../finding.js'
import type { Report } from '../report.js'

/** The file, or other text, that a configuration was read from. */
export interface ReportSource {
  /** Path of the file as readers of the report should see it, best relative to the repository. */
  readonly name: string
  /** The text. With it, `pretty` shows the lines a finding is about; secrets in them are hidden. */
  readonly text?: string | undefined
  /** Finds a JSON Pointer in the text, for findings that carry no position of their own. */
  readonly positionOf?: ((path: string) => TextPosition | undefined) | undefined
}

/** A report, and where the configuration stands that it is about. */
export interface ReportEntry {
  /** What `checkConfig` returned. */
  readonly report: Report
  /** What the report is about. Left out, findings are located by JSON Pointer alone. */
  readonly source?: ReportSource | undefined
}
