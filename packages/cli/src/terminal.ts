import picocolors from 'picocolors'
import type { CliIo, CliOutputStream } from './cli-io.js'
import { type ExitCode, exitCode } from './exit-code.js'
import { reasonOf } from './reason-of.js'
import { wantsColor } from './wants-color.js'

/** Functions that put text in colour, or leave it as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>

/** Where a command writes, and what it may know about the surroundings. */
export interface Terminal {
  /** The streams and the environment behind it. */
  readonly io: CliIo
  /** Colours for results. */
  readonly colors: Colors
  /** Colours for errors and remarks. */
  readonly errorColors: Colors
  /** Width for results in characters; `Infinity` where no terminal is. */
  readonly columns: number
  /** The same for errors and remarks. */
  readonly errorColumns: number
  /** Aborted when nobody reads the results any more. */
  readonly outputClosed: AbortSignal
  /** Writes results. Nothing happens once the reader is gone. */
  write(text: string): void
  /** Writes errors and remarks. */
  writeError(text: string): void
  /** Waits until everything is written. Gives the exit code that the outside sees. */
  finish(code: ExitCode): Promise<ExitCode>
}

/** No colours at all, for files. */
export const plainColors: Colors = picocolors.createColors(false)

/** How a terminal is opened. */
export interface TerminalOptions {
  /** `false` switches colours off whatever the environment says. */
  readonly color: boolean
}

/** Starts to listen for broken pipes on both streams; {@link Terminal.finish} stops it. */
export function openTerminal(io: CliIo, { color }: TerminalOptions): Terminal {
  const results = watch(io.stdout)
  const remarks = watch(io.stderr)
  return {
    io,
    colors: picocolors.createColors(color && wantsColor(io.stdout, io.env)),
    errorColors: picocolors.createColors(color && wantsColor(io.stderr, io.env)),
    columns: columnsOf(io.stdout),
    errorColumns: columnsOf(io.stderr),
    outputClosed: results.closed,
    write: results.write,
    writeError: remarks.write,
    async finish(code) {
      const fault = await results.finish()
      if (fault !== undefined && !isBrokenPipe(fault))
        remarks.write(`duo-models: the output cannot be written: ${reasonOf(fault)}.\n`)
      await remarks.finish()
      if (fault === undefined) return code
      return isBrokenPipe(fault) ? exitCode.ok : exitCode.failed
    },
  }
}

function columnsOf(stream: CliOutputStream): number {
  return stream.isTTY === true ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY
}

interface WatchedStream {
  readonly closed: AbortSignal
  write(text: string): void
  finish(): Promise<unknown>
}

function watch(stream: CliOutputStream): WatchedStream {
  const controller = new AbortController()
  const { signal } = controller
  const fail = (error: unknown) => controller.abort(error)
  stream.on('error', fail)
  return {
    closed: signal,
    write(text) {
      if (text !== '' && !signal.aborted) stream.write(text)
    },
    async finish() {
      if (!signal.aborted) await flushed(stream, signal)
      stream.off('error', fail)
      return signal.aborted ? signal.reason : undefined
    },
  }
}

function flushed(stream: CliOutputStream, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    closed.addEventListener('abort', () => resolve(), { once: true })
    // The error event comes after the callback of the write that failed.
    stream.write('', () => setImmediate(resolve))
  })
}

function isBrokenPipe(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && (fault.code === 'EPIPE' || fault.code === 'ERR_STREAM_DESTROYED')
}
