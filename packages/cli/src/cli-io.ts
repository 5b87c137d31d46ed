/** A stream that the command line writes to: `process.stdout`, or any writable stream of an embedding program. */
export type CliOutputStream = NodeJS.WritableStream & {
  /** Whether a person looks at it. Decides colour and line width. Default: `false`. */
  readonly isTTY?: boolean | undefined
  /** Width in characters. Default: 80 on a terminal, unlimited elsewhere. */
  readonly columns?: number | undefined
}

/** A stream that the command line reads from when a file is called `-`. */
export type CliInputStream = AsyncIterable<string | Uint8Array> & {
  /** Whether a person types into it. Default: `false`. */
  readonly isTTY?: boolean | undefined
}

/** Everything outside that the command line touches, files apart. */
export interface CliIo {
  /** Takes results. */
  readonly stdout: CliOutputStream
  /** Takes errors and remarks. */
  readonly stderr: CliOutputStream
  /** Read only when a file is called `-`. */
  readonly stdin: CliInputStream
  /** Environment variables. `NO_COLOR`, `FORCE_COLOR` and `DUO_MODELS_DEBUG` are honoured. */
  readonly env: Readonly<Record<string, string | undefined>>
  /**
   * Resolves when a command that runs until it is stopped shall end. Only such a command asks.
   * Default: never.
   */
  readonly untilInterrupted?: (() => Promise<void>) | undefined
}
