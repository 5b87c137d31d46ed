/** Writes one line: what happened in a few words, and the same as data. */
export type LogLine = (message: string, fields: object) => void

/** Where log lines go: `console`, or anything with the same four methods. A level that is missing is not written. */
export interface Logger {
  /** Every call that begins, is sent, has its first token and ends well. */
  readonly debug?: LogLine | undefined
  /** Calls the caller gave up; replicas that are back. */
  readonly info?: LogLine | undefined
  /** Retries, fallbacks and replicas that are left alone. */
  readonly warn?: LogLine | undefined
  /** Calls that failed, and hooks that did. */
  readonly error?: LogLine | undefined
}
