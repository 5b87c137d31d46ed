import { CommanderError } from 'commander'
import { CliError } from './cli-error.js'
import { type ExitCode, exitCode } from './exit-code.js'
import { printError } from './print-error.js'
import { namedCommand } from './program.js'
import type { Terminal } from './terminal.js'
import { escapeControlCharacters } from './text/escape-control-characters.js'

/**
 * Tells the user in one line what went wrong, and gives the exit code for it. `DUO_MODELS_DEBUG=1` shows the stack too.
 */
export function reportError(error: unknown, argv: readonly string[], terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return reportUsage(error, argv, terminal)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof CliError) printError(message, terminal, error.details)
  else printError(`unexpected failure: ${message} Set DUO_MODELS_DEBUG=1 to see where, and report it.`, terminal)
  if (isDebugging(terminal) && error instanceof Error)
    terminal.writeError(`${escapeControlCharacters(error.stack ?? message)}\n`)
  return exitCode.failed
}

function reportUsage(error: CommanderError, argv: readonly string[], terminal: Terminal): ExitCode {
  if (error.exitCode === 0) return exitCode.ok
  // The help itself was the answer.
  if (error.code === 'commander.help') return exitCode.failed
  const message = error.message.replace(/^error: /, '').replace(/[.\s]*$/, '')
  const command = namedCommand(argv)
  printError(`${message}. Try: duo-models ${command === undefined ? '' : `${command} `}--help`, terminal)
  if (isDebugging(terminal)) terminal.writeError(`${error.stack ?? ''}\n`)
  return exitCode.failed
}

function isDebugging(terminal: Terminal): boolean {
  const value = terminal.io.env['DUO_MODELS_DEBUG']
  return value !== undefined && value !== '' && value !== '0'
}
