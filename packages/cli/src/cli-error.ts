/**
 * A mistake of the user or of the surroundings, in one line, and what to do about it. It ends the command with exit
 * code 2 and never shows a stack trace.
 */
export class CliError extends Error {
  override readonly name = 'CliError'
}
