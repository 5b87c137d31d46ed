import type { Report } from '@duo-models/rules'

/** What came of one file. */
export type CheckedFile = ReadableFile | UnreadableFile

/** A file that could be read and checked. */
export interface ReadableFile {
  /** The file as it was named; `<stdin>` for standard input. */
  readonly file: string
  readonly report: Report
}

/** A file that could not be checked. */
interface UnreadableFile {
  readonly file: string
  /** Why not, and what to do. */
  readonly error: string
}
