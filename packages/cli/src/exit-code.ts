/** What the process ends with. Scripts rely on these numbers. */
export const exitCode = {
  /** Nothing stands against it; warnings are allowed. */
  ok: 0,
  /** The command ran, and its answer is no: errors were found, or the name is not known. */
  no: 1,
  /** The command could not do its work: wrong usage, a file that cannot be read, an output that cannot be written. */
  failed: 2,
} as const

/** One of the numbers of {@link exitCode}. */
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
