import type { CliIo } from './cli-io.js'
import { processIo } from './process-io.js'
import { runProgram } from './program.js'
import { reportError } from './report-error.js'
import { openTerminal } from './terminal.js'

/**
 * Runs `duo-models` inside this process.
 *
 * @param argv what follows the program's name
 * @param io the streams, the environment and the way to be interrupted. Default: those of the process
 * @returns the exit code: 0 fine, 1 the answer is no, 2 wrong usage or something that cannot be read or written.
 *   Never rejects: a failure is written to `io.stderr`.
 * @example
 * process.exitCode = await runCli(['check', 'duo-models.yaml'])
 */
export async function runCli(argv: readonly string[], io: CliIo = processIo()): Promise<number> {
  const terminal = openTerminal(io, { color: !argv.includes('--no-color') })
  try {
    return await terminal.finish(await runProgram(argv, terminal))
  } catch (error) {
    return await terminal.finish(reportError(error, argv, terminal))
  }
}
