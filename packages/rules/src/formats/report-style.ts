import type { Rule } from '../rule.js'

/** What every format is given beside the reports, with nothing left open. */
export interface ReportStyle {
  readonly color: boolean
  readonly rules: readonly Rule[]
  readonly ruleDocsUrl: string | undefined
}
