/** The command line `duo-models`, to be run inside another program. */

export type { CliInputStream, CliIo, CliOutputStream } from './cli-io.js'
export { runCli } from './run-cli.js'
