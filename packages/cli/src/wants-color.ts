import type { CliIo, CliOutputStream } from './cli-io.js'

/**
 * Whether a stream gets colours: only a terminal does. `NO_COLOR` (any value) switches them off, `FORCE_COLOR` (any
 * value but `0` and `false`) switches them on where no terminal is. `NO_COLOR` wins.
 */
export function wantsColor(stream: CliOutputStream, env: CliIo['env']): boolean {
  if (isSet(env['NO_COLOR'])) return false
  const forced = env['FORCE_COLOR']
  if (isSet(forced)) return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
