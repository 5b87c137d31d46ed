import type { CliIo } from './cli-io.js'

/** The streams, the environment and the signals of this process. */
export function processIo(): CliIo {
  const { stdout, stderr, env } = process
  return {
    stdout,
    stderr,
    env,
    // The getter opens the descriptor, which keeps the process waiting for a terminal nobody reads from.
    get stdin() {
      return process.stdin
    },
    untilInterrupted,
  }
}

// Ctrl-C a second time finds no listener any more and ends the process at once.
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop).on('SIGTERM', stop)
  })
}
