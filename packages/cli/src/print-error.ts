import type { Terminal } from './terminal.js'
import { escapeControlCharacters } from './text/escape-control-characters.js'

/** Writes one line to the errors, after the program's name. */
export function printError(message: string, terminal: Terminal): void {
  const line = escapeControlCharacters(message.trim().replace(/\s*\n\s*/g, ' '))
  terminal.writeError(`${terminal.errorColors.red('duo-models:')} ${line}\n`)
}
