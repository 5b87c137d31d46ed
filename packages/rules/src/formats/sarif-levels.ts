import type { Severity } from '../vocabulary.js'

/** A severity as SARIF calls it. */
export const sarifLevels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}
