/** What a {@link CliError} may add. */
export interface CliErrorOptions extends ErrorOptions {
  /** Lines to show below the message as they are, such as the text it is about. */
  readonly details?: readonly string[] | undefined
}

/**
 * A mistake of the user or of the surroundings, in one line, and what to do about it. It ends the command with exit
 * code 2 and never shows a stack trace.
 */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** Lines to show below the message. */
  readonly details: readonly string[]

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, options)
    this.details = options.details ?? []
  }
}
