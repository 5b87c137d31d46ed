import { CompatibilityError } from '@duo-models/adapters'
import { checkConfig, type Finding, type Report } from '@duo-models/rules'
import type { ModelRequest } from './model-request.js'

/** The configuration a question about one deployment is asked with. */
export interface AdmissionContext {
  readonly gitlab: unknown
  readonly deployments: Readonly<Record<string, { readonly settings: Readonly<Record<string, unknown>> }>>
  readonly platforms: readonly string[]
}

/**
 * Tells whether a feature may run on a deployment. The answer depends on the configuration alone, so it is worked out
 * once for each pair, and a request costs a look-up.
 */
export class Admission {
  readonly #mode: 'enforce' | 'warn' | 'off'
  readonly #reports = new Map<string, Report>()

  #context: AdmissionContext

  constructor(mode: 'enforce' | 'warn' | 'off', context: AdmissionContext) {
    this.#mode = mode
    this.#context = context
  }

  /** From now on these are the deployments. */
  setDeployments(deployments: AdmissionContext['deployments']): void {
    this.#context = { ...this.#context, deployments }
    this.#reports.clear()
  }

  /** @throws CompatibilityError with the report, where the mode is `enforce` and a rule has an error. */
  enforce(feature: ModelRequest['feature'], deployment: string): void {
    if (this.#mode !== 'enforce') return
    const report = this.#report(feature, deployment)
    if (!report.ok) throw compatibilityError(report)
  }

  /** What the rules say about a feature on a deployment; empty where nobody asked. */
  warnings(feature: ModelRequest['feature'], deployment: string): readonly Finding[] {
    return this.#mode === 'warn' ? this.#report(feature, deployment).findings : []
  }

  #report(feature: ModelRequest['feature'], deployment: string): Report {
    const key = `${feature}\n${deployment}`
    const known = this.#reports.get(key)
    if (known !== undefined) return known
    const report = this.#check(feature, deployment)
    this.#reports.set(key, report)
    return report
  }

  #check(feature: ModelRequest['feature'], deployment: string): Report {
    const { gitlab, deployments, platforms } = this.#context
    return checkConfig(
      {
        ...(gitlab === undefined ? {} : { gitlab }),
        deployments: { [deployment]: deployments[deployment]?.settings },
        features: { [feature]: deployment },
      },
      { platforms },
    )
  }
}

/** The error for a report that is not ok; its message holds what the errors say. */
export function compatibilityError(report: Report): CompatibilityError<Report> {
  return new CompatibilityError({ message: `${describeErrors(report)} Nothing was sent.`, report })
}

/** The errors of a report in words, with what to do about each. */
export function describeErrors(report: Report): string {
  const errors = report.findings.filter((finding) => finding.severity === 'error')
  const shown = errors.slice(0, maxShown).map(describeFinding)
  const rest = errors.length - shown.length
  return [...shown, ...(rest > 0 ? [`And ${rest} more: see the report.`] : [])].join(' ')
}

const maxShown = 5

function describeFinding({ rule, path, message, fix }: Finding): string {
  const place = path === '' ? '' : ` at ${path}`
  return `${message}${fix === undefined ? '' : ` ${fix.description}`} [${rule}${place}]`
}
