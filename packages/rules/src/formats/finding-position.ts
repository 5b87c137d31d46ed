import type { Finding, TextPosition } from '../finding.js'
import type { ReportSource } from './report-entry.js'

/** Where a finding stands in the text; `undefined` when that is unknown or no place in any text. */
export function findingPosition(
  { position, path }: Finding,
  source: ReportSource | undefined,
): TextPosition | undefined {
  const found = position ?? source?.positionOf?.(path)
  return found !== undefined && isOrdinal(found.line) && isOrdinal(found.column) ? found : undefined
}

function isOrdinal(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}
