import type { Finding } from '@duo-models/rules'
import { escapeControlCharacters } from '../text/escape-control-characters.js'

/** Where a finding stands, as `file:line:column`; the file alone where the text has no such place. */
export function formatPlace(file: string, { position }: Finding): string {
  return escapeControlCharacters(position === undefined ? file : `${file}:${position.line}:${position.column}`)
}
