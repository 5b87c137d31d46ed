import type { Report, ReportSource } from '@duo-models/rules'

/** What came of one file. */
export type CheckedFile = ReadableFile | UnreadableFile

/** A text, and what the rules say about it. */
export interface CheckedText {
  readonly report: Report
  /** The text, for the lines that a finding is about. */
  readonly source: ReportSource
}

/** A file that could be read and checked. */
export interface ReadableFile extends CheckedText {
  /** The file as it was named; `<stdin>` for standard input. */
  readonly file: string
}

/** A file that could not be checked. */
interface UnreadableFile {
  readonly file: string
  /** Why not, and what to do. */
  readonly error: string
}
