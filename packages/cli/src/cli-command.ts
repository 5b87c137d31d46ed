import type { Command } from 'commander'
import type { ExitCode } from './exit-code.js'
import type { Terminal } from './terminal.js'

/** One command. It is loaded when it is called, so that `--help` loads none. */
export interface CliCommand {
  /** Adds arguments, options and the examples below the help. */
  define(command: Command): void
  /** Does the work. A user's mistake is thrown as a `CliError`. */
  run(command: Command, terminal: Terminal): Promise<ExitCode>
}
