import { compareStartupLog } from './compare-startup-log.js'
import type { MemoryInput } from './memory-input.js'
import type { StartupLog } from './startup-log.js'
import { StartupLogError } from './startup-log-error.js'
import { readFigures } from './startup-log-figures.js'
import { failureMarkers, figurePatterns } from './startup-log-lines.js'
import { readSettings } from './startup-log-settings.js'

/**
 * Reads what vLLM prints at start, in the wordings of V0 and V1 over the versions: memory, cache, concurrency, settings,
 * and why it stopped. Prefixes of workers and containers, colours and times do not matter, nor does a log that is cut
 * off; of several starts in one text the last counts. Where model and GPU are known, from the log or from `known`, the
 * estimate for the same settings is set beside it, with a calibration for later estimates of that machine.
 * @param text the log; any length
 * @param known what the log does not say, such as `{ gpu: 'a100-80gb' }`; it wins over the log
 * @throws StartupLogError when no line of a start-up log is in the text
 */
export function readVllmStartupLog(text: string, known: MemoryInput = {}): StartupLog {
  if (typeof text !== 'string') throw nothingIn(`A log is text; this is ${text === null ? 'null' : typeof text}.`)
  const log = lastStart(text)
  const measured = readFigures(log)
  const failure = failureIn(log)
  if (Object.keys(measured).length === 0 && failure === undefined)
    throw nothingIn(`No line of a vLLM start-up log is in the text (${text.length} characters).`)
  const settings = readSettings(log)
  return {
    settings,
    measured,
    ...(failure === undefined ? {} : { failure }),
    ...compareStartupLog(settings, measured, known),
  }
}

function nothingIn(found: string): StartupLogError {
  return new StartupLogError(found, [...new Set(figurePatterns.map(({ marker }) => marker))])
}

const startMarkers = ['vLLM API server version', 'non-default args:', 'LLM engine (v']

/** The text from the last start on: a container that was restarted has the logs of all its starts. */
function lastStart(text: string): string {
  const engine = text.lastIndexOf('LLM engine (v')
  if (engine === -1) return text
  const previous = text.lastIndexOf('LLM engine (v', engine - 1)
  const starts = startMarkers
    .map((marker) => (previous === -1 ? -1 : text.indexOf(marker, previous + 1)))
    .filter((index) => index !== -1 && index <= engine)
  // With several starts, cut between the last two, at the first line that belongs to the later one.
  return previous === -1 || starts.length === 0 ? text : text.slice(Math.min(...starts))
}

const longestFailure = 400

/** The sentence around the last thing that stopped the server, without the process that said it. */
function failureIn(log: string): string | undefined {
  let last: { readonly at: number; readonly marker: string } | undefined
  for (const marker of failureMarkers) {
    const at = log.lastIndexOf(marker)
    if (at !== -1 && (last === undefined || at > last.at)) last = { at, marker }
  }
  if (last === undefined) return undefined
  const lineStart = log.lastIndexOf('\n', last.at) + 1
  const lineEnd = log.indexOf('\n', last.at)
  const start = Math.max(lineStart, last.at - longestFailure)
  const end = Math.min(lineEnd === -1 ? log.length : lineEnd, last.at + longestFailure)
  return log
    .slice(start, end)
    .replace(/^(?:.*?\] )?(?:[\w.]*Error: )?/, '')
    .trim()
}
