import { DuoModelError } from './duo-model-error.js'
import type { DuoModelErrorOptions } from './duo-model-error-options.js'
import type { CompatibilityErrorReport, ErrorDetails } from './error-details.js'

type Details = ErrorDetails['compatibility']

/** The rules engine found that this configuration, or this request, cannot work as documented. Nothing was sent. */
export class CompatibilityError<Report extends CompatibilityErrorReport = CompatibilityErrorReport>
  extends DuoModelError
  implements Details
{
  declare readonly code: 'compatibility'
  /** What the rules engine found, whole. */
  readonly report: Report

  constructor(options: DuoModelErrorOptions & { readonly report: Report }) {
    super('compatibility', options, { phase: 'configuration', retryable: false })
    this.report = options.report
  }

  override get name(): string {
    return 'CompatibilityError'
  }

  protected override details(): Record<string, unknown> {
    const findings = this.report.findings.map(({ rule, severity, path, message }) => ({
      rule,
      severity,
      path,
      message,
    }))
    return { report: { ok: this.report.ok, verdict: this.report.verdict, findings } }
  }
}
