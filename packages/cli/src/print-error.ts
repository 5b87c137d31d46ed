import type { Terminal } from './terminal.js'
import { escapeControlCharacters } from './text/escape-control-characters.js'

/** Writes one line to the errors, after the program's name, and below it the details as they are. */
export function printError(message: string, terminal: Terminal, details: readonly string[] = []): void {
  const line = escapeControlCharacters(message.trim().replace(/\s*\n\s*/g, ' '))
  terminal.writeError(`${terminal.errorColors.red('duo-models:')} ${line}\n`)
  for (const detail of details) terminal.writeError(`${escapeControlCharacters(detail)}\n`)
}
